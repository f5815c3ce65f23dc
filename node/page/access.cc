#include "node/page/access.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/access/access_token.h"
#include "node/inspection/log_read.h"

namespace assent::page {
namespace {

// As the log of inspectors' reads names what the page answers.
constexpr const char* kMethod = "Page";

// "/entries?author=FRA"
std::string AsText(const Request& request) {
  std::string text = request.path;
  for (const auto& [name, value] : request.query) {
    absl::StrAppend(&text, text.size() == request.path.size() ? "?" : "&", name, "=", value);
  }
  return absl::CHexEscape(text);
}

}  // namespace

std::string Visitor::InWords() const {
  switch (reader.rights) {
    case query::Rights::kAnonymous:
      return "";
    case query::Rights::kMember:
      return absl::StrCat(reader.code.str(), ", a member");
    case query::Rights::kInspector:
      break;
  }
  return absl::StrCat("an inspector, by accreditation ",
                      absl::StrJoin(reader.accreditations, " and ",
                                    [](std::string* out, const rules::AccreditationView& given) {
                                      absl::StrAppend(out, given.index.value());
                                    }));
}

absl::StatusOr<Visitor> VisitorOf(const Backend& backend, const replica::ReadView& view,
                                  const std::string& token) {
  if (token.empty()) return Visitor{};
  const auto read =
      ReadAccessToken(token, {backend.act.ledger_id, backend.node_key}, backend.clock->Wall());
  if (!read.ok()) return absl::UnauthenticatedError(read.status().message());
  Visitor visitor{query::ResolveReader(view, read->reader), read->reader, read->until};
  if (visitor.reader.rights == query::Rights::kAnonymous) {
    return absl::PermissionDeniedError(
        "the key of this access token is that of no member and of no inspector at present: what is "
        "PUBLIC can be read without it");
  }
  return visitor;
}

absl::Status LogVisit(const Backend& backend, const replica::ReadView& view, const Visitor& visitor,
                      const Request& request) {
  if (!visitor.key) return absl::OkStatus();
  const auto unlogged =
      inspection::LogRead(backend.read_log, backend.clock->Wall(), view.tip().header.height,
                          *visitor.key, visitor.reader, {kMethod, AsText(request)});
  return unlogged ? absl::UnavailableError(unlogged->message) : absl::OkStatus();
}

}  // namespace assent::page
