#include "tests/simulation/readers.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "node/query/entries.h"
#include "node/query/limits.h"
#include "node/query/members.h"
#include "node/query/revisions.h"

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
  if (view->tip().header.tree_size < setting_.checker->TreeSizeTold(id)) {
    return Fail(absl::StrCat("node ", id, " does not show what it has told a client of"));
  }
  Client& client = clients_[random_.Below(clients_.size())];
  switch (random_.Below(6)) {
    case 0:
      return Get(*view);
    case 1:
      return List(client, *view);
    case 2:
      return Members(*view);
    case 3:
      return HeadOf(*view);
    case 4:
      return Revisions(*view);
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

namespace {

bool IsShown(const v1::Member& shown, const MemberCode& code, const History::Member& member) {
  const bool same_node =
      !member.node ? !shown.has_node()
                   : shown.node().vote_key() == member.node->vote.view() &&
                         shown.node().checkpoint_key() == member.node->checkpoint.view() &&
                         shown.node().transport_key() == member.node->transport.view();
  return shown.code() == code.str() && shown.authority_key() == member.authority.view() &&
         shown.membership() == member.membership && shown.votes() == member.votes && same_node;
}

}  // namespace

// As they were at a height, which may be older than the node's newest, or not be final there yet.
void Readers::Members(const replica::ReadView& view) {
  const Height newest = view.tip().header.height;
  const Height height(random_.Below(newest.value() + 2));
  v1::ListMembersRequest request;
  request.set_as_of(height.value());
  const auto answer = query::ListMembers(view, request);
  if (!answer.ok()) {
    if (height > newest && absl::IsOutOfRange(answer.status())) return;
    return Fail(absl::StrCat("the list of members is refused: ", answer.status().message()));
  }
  if (height > newest) return Fail("the list of members is of a height that is not final there");
  const auto& members = parts_->history.At(height).members;
  const bool same = std::equal(answer->members().begin(), answer->members().end(), members.begin(),
                               members.end(), [](const v1::Member& shown, const auto& item) {
                                 return IsShown(shown, item.first, item.second);
                               });
  if (!same) Fail(absl::StrCat("other members than those of height ", height.value()));
}

void Readers::HeadOf(const replica::ReadView& view) {
  const MemberCode& code = parts_->states[random_.Below(parts_->states.size())].code();
  const History::Moment& moment = parts_->history.At(view.tip().header.height);
  const auto answer = query::AuthorHeadOf(view, code.str());
  const bool member = moment.members.contains(code);
  if (!member && absl::IsNotFound(answer.status())) return;
  const auto found = moment.heads.find(code);
  const History::Head head = found == moment.heads.end() ? History::Head() : found->second;
  if (!answer.ok() || !member || answer->sequence() != head.sequence ||
      answer->leaf_hash() != head.leaf.view()) {
    Fail(absl::StrCat("the newest entry of ", code.str(), " is another"));
  }
}

// Those that all have signed, with their numbers, and no others.
void Readers::Revisions(const replica::ReadView& view) {
  v1::ListRevisionsRequest request;
  request.set_page_size(query::kRevisionsPageMax);
  const auto answer = query::ListRevisions(view, reader_, parts_->ledger.act.text, request);
  if (!answer.ok()) {
    return Fail(absl::StrCat("the list of revisions is refused: ", answer.status().message()));
  }
  const History& history = parts_->history;
  std::size_t left = history.RevisionsAt(view.tip().header.tree_size);
  for (const v1::Revision& shown : answer->revisions()) {
    if (shown.number() == 0) continue;  // open, ended, or the founding act's
    const bool expected = left > 0 && shown.number() == left &&
                          shown.round() == history.revisions()[left - 1].round &&
                          shown.text_hash() == history.revisions()[left - 1].text.view();
    if (!expected) return Fail(absl::StrCat("revision ", shown.number(), " is another"));
    --left;
  }
  if (left > 0 && answer->next_page_token().empty()) Fail("a revision is not shown");
}

}  // namespace assent::simulation
