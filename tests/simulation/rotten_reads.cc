#include "tests/simulation/rotten_reads.h"

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "node/query/blocks.h"
#include "node/query/entries.h"
#include "node/query/members.h"
#include "node/query/proofs.h"
#include "node/query/revisions.h"

namespace assent::simulation {

std::optional<std::string> CheckRottenReads(const replica::ReadView& rotten,
                                            const replica::ReadView& sound, const ActText& act,
                                            Random& random) {
  std::optional<std::string> wrong;
  const auto compare = [&](const char* what, const auto& read) {
    const auto shown = read(rotten);
    if (absl::IsDataLoss(shown.status())) return;
    const auto right = read(sound);
    const bool same = shown.ok() && right.ok()
                          ? shown->SerializeAsString() == right->SerializeAsString()
                          : shown.status() == right.status();
    if (!same) wrong = absl::StrCat(what, " of a rotten disk: ", shown.status().message());
  };
  query::Reader reader;
  reader.rights = query::Rights::kMember;
  const std::uint64_t index = random.Below(sound.tip().header.tree_size + 1);
  const Height height(random.Below(sound.tip().header.height.value() + 1));

  compare("an entry", [&](const replica::ReadView& view) {
    v1::GetEntryRequest request;
    request.set_index(index);
    return query::GetEntry(view, reader, request);
  });
  compare("a page of entries", [&](const replica::ReadView& view) {
    return query::ListEntries(view, reader, v1::ListEntriesRequest());
  });
  compare("a block",
          [&](const replica::ReadView& view) { return query::FinalBlockAt(view, reader, height); });
  compare("a receipt", [&](const replica::ReadView& view) {
    return query::MakeReceipt(view, reader, EntryIndex(index));
  });
  compare("the list of members", [&](const replica::ReadView& view) {
    v1::ListMembersRequest request;
    request.set_as_of(height.value());
    return query::ListMembers(view, request);
  });
  compare("the list of revisions", [&](const replica::ReadView& view) {
    return query::ListRevisions(view, reader, act, v1::ListRevisionsRequest());
  });
  return wrong;
}

}  // namespace assent::simulation
