#include "node/query/reader.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/rules/read.h"
#include "ledger/rules/read_keys.h"

namespace assent::query {

using rules::AccreditationStanding;
using rules::AccreditationView;

namespace {

// Of an accreditation that was in force and is not any more.
rules::Refusal Over(const replica::ReadView& view, const AccreditationView& before) {
  const std::string name = absl::StrCat("accreditation ", before.index.value());
  const std::string& member = before.member.str();
  const std::string ask =
      absl::StrCat(": ask ", member, " for a new one; what is PUBLIC can be read as before");
  const auto now = rules::AccreditationAt(view.state(), before.index, view.tip().header.time);
  switch (now ? now->standing : AccreditationStanding::kLapsed) {
    case AccreditationStanding::kEnded:
      return {"ACCREDITATION_ENDED", absl::StrCat(name, " was ended by ", member, ask), name};
    case AccreditationStanding::kExpired:
      return {"ACCREDITATION_EXPIRED",
              absl::StrCat(name, " by ", member, " expired at ", FormatTime(before.until), ask),
              name};
    default:
      return {"ACCREDITATION_LAPSED",
              absl::StrCat(name, " lapsed, since ", member,
                           " is no member any more: ask another member to accredit the key; what "
                           "is PUBLIC can be read as before"),
              name};
  }
}

}  // namespace

bool Reader::SeesAll() const {
  return rights == Rights::kMember ||
         std::any_of(accreditations.begin(), accreditations.end(),
                     [](const AccreditationView& given) { return given.scope.all_bodies; });
}

bool Reader::SeesAllOf(std::string_view type) const {
  const auto covers = [&](const AccreditationView& given) {
    return given.scope.authors.empty() && given.scope.Covers(MemberCode(), type);
  };
  return rights == Rights::kMember ||
         std::any_of(accreditations.begin(), accreditations.end(), covers);
}

bool Reader::Covers(const MemberCode& author, std::string_view type) const {
  return rights == Rights::kMember || std::any_of(accreditations.begin(), accreditations.end(),
                                                  [&](const AccreditationView& given) {
                                                    return given.scope.Covers(author, type);
                                                  });
}

bool Reader::May(const MemberCode& author, const rules::Description& body) const {
  if (body.audience == rules::Audience::kPublic) return true;
  if (!Covers(author, body.type)) return false;
  if (rights == Rights::kInspector) ++bodies;
  return true;
}

Reader ResolveReader(const replica::ReadView& view, const std::optional<PublicKey>& tls_key) {
  if (!tls_key) return {};
  if (const auto member = rules::MemberThatReadsWith(view.state(), *tls_key)) {
    return {.rights = Rights::kMember, .code = member->code};
  }
  auto accreditations =
      rules::AccreditationsInForce(view.state(), *tls_key, view.tip().header.time);
  if (accreditations.empty()) return {};
  return {.rights = Rights::kInspector, .accreditations = std::move(accreditations)};
}

std::optional<rules::Refusal> LostRights(const replica::ReadView& view, const Reader& before,
                                         const Reader& now) {
  if (now.rights == Rights::kMember) return std::nullopt;
  if (before.rights == Rights::kMember) {
    const std::string& code = before.code.str();
    return rules::Refusal{
        "MEMBERSHIP_ENDED",
        absl::StrCat("the key is no more that of a member: ", code,
                     " has left or has replaced it; what is PUBLIC can be read as before"),
        code};
  }
  for (const AccreditationView& given : before.accreditations) {
    const bool kept =
        std::any_of(now.accreditations.begin(), now.accreditations.end(),
                    [&](const AccreditationView& other) { return other.index == given.index; });
    if (!kept) return Over(view, given);
  }
  return std::nullopt;
}

std::optional<rules::Description> Visible(const Entry& entry, const Reader& reader,
                                          std::string_view type) {
  std::optional<rules::Description> description = rules::Describe(entry);
  if (!description || (!type.empty() && description->type != type)) return std::nullopt;
  return reader.May(entry.header().author, *description) ? description : std::nullopt;
}

}  // namespace assent::query
