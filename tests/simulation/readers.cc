#include "tests/simulation/readers.h"

#include <iterator>

#include "absl/strings/str_cat.h"
#include "node/query/entries.h"

namespace assent::simulation {

Readers::Readers(const LedgerParts* parts, const Setting& setting, Random random)
    : parts_(parts), setting_(setting), random_(random) {
  reader_.rights = query::Rights::kMember;
}

void Readers::Read() {
  const std::set<NodeId>& honest = setting_.checker->honest();
  const NodeId id =
      *std::next(honest.begin(), static_cast<std::ptrdiff_t>(random_.Below(honest.size())));
  if (!parts_->nodes[id]->up()) return;
  const auto view = parts_->nodes[id]->view();
  Client& client = clients_[random_.Below(clients_.size())];
  switch (random_.Below(3)) {
    case 0:
      return Get(*view);
    case 1:
      return List(client, *view);
    default:
      return Watch(client, *view);
  }
}

void Readers::Check(const v1::LedgerEntry& shown, std::uint64_t index) {
  ++seen_;
  const std::vector<Hash>& log = parts_->history.leaves();
  const auto signature = Signature::From(shown.entry().signature());
  if (shown.index() != index || index >= log.size() || !signature ||
      LeafHash(shown.entry().header(), *signature) != log[index]) {
    Fail(absl::StrCat("entry ", shown.index(), " is shown where entry ", index, " of the log is"));
  }
}

// What is final at the node is there, and nothing else.
void Readers::Get(const replica::ReadView& view) {
  const std::uint64_t index = random_.Below(parts_->history.leaves().size() + 2);
  v1::GetEntryRequest request;
  request.set_index(index);
  const auto answer = query::GetEntry(view, reader_, request);
  const bool there = index < view.tip().header.tree_size;
  if (answer.ok() && there) return Check(*answer, index);
  if (answer.ok() || there || !absl::IsNotFound(answer.status())) {
    Fail(absl::StrCat("entry ", index, there ? " is not shown" : " is shown too early"));
  }
}

// A listing goes on at another node as it was begun; one that lags cannot answer yet.
void Readers::List(Client& client, const replica::ReadView& view) {
  v1::ListEntriesRequest request;
  request.set_page_size(kPage);
  request.set_page_token(client.token);
  const auto answer = query::ListEntries(view, reader_, request);
  if (!answer.ok()) {
    if (!client.token.empty() && absl::IsOutOfRange(answer.status())) return;
    return Fail(absl::StrCat("a page is refused: ", answer.status().message()));
  }
  if (client.token.empty()) {
    client.listed = 0;
    client.log = view.tip().header.tree_size;
  }
  for (const v1::LedgerEntry& shown : answer->entries()) Check(shown, client.listed++);
  client.token = answer->next_page_token();
  if (client.token.empty() && client.listed != client.log) Fail("a listing is not the whole log");
}

// Everything once and in order, whichever node it watches.
void Readers::Watch(Client& client, const replica::ReadView& view) {
  const auto batch = query::NextForWatch(view, reader_, {}, EntryIndex(client.watched));
  if (!batch.ok()) return Fail(absl::StrCat("a watch ends: ", batch.status().message()));
  for (const v1::LedgerEntry& shown : batch->entries) Check(shown, client.watched++);
  if (batch->next.value() != client.watched) Fail("a watch passes over entries");
}

}  // namespace assent::simulation
