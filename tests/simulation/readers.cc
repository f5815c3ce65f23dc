#include "tests/simulation/readers.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "ledger/crypto/hash.h"
#include "node/query/entries.h"

namespace assent::simulation {

const std::vector<Readers::Method> Readers::kMethods{
    &Readers::Get,       &Readers::List,       &Readers::ListType,    &Readers::Watch,
    &Readers::Receipt,   &Readers::Checkpoint, &Readers::Consistency, &Readers::Inclusion,
    &Readers::Blocks,    &Readers::Status,     &Readers::Members,     &Readers::HeadOf,
    &Readers::Questions, &Readers::Inspectors, &Readers::Revisions,   &Readers::Drafts,
    &Readers::Ask,       &Readers::StateKeys};

Readers::Readers(const LedgerParts* parts, const Setting& setting, Random random)
    : parts_(parts),
      setting_(setting),
      random_(random),
      auditor_(parts->ledger.act, [](std::size_t count, const auto& work) {
        for (std::size_t i = 0; i < count; ++i) work(i);
      }) {}

NodeId Readers::AnyHonest() {
  const std::set<NodeId>& honest = setting_.checker->honest();
  return *std::next(honest.begin(), static_cast<std::ptrdiff_t>(random_.Below(honest.size())));
}

// A member's reader key or its node's, an inspector's, whether it may read any more or not, or
// none.
std::optional<PublicKey> Readers::AnyKey(const History::Moment& now) {
  const auto any = [this](const auto& map) {
    return std::next(map.begin(), static_cast<std::ptrdiff_t>(random_.Below(map.size())))->second;
  };
  switch (random_.Below(4)) {
    case 0:
      return std::nullopt;
    case 1:
      if (history().accreditations().empty()) return std::nullopt;
      return any(history().accreditations()).key;
    default: {
      const History::Member member = any(random_.Chance(800) ? now.members : history().members());
      return member.node && random_.Chance(500) ? member.node->transport : member.reader;
    }
  }
}

void Readers::Read() { ReadAt(AnyHonest(), kMethods[random_.Below(kMethods.size())]); }

void Readers::ReadAll(const std::vector<NodeId>& nodes) {
  for (const NodeId id : nodes) {
    for (const Method method : kMethods) ReadAt(id, method);
    ReadAt(id, &Readers::WatchToTheEnd);
  }
}

void Readers::ReadAt(NodeId id, Method method) {
  if (!parts_->nodes[id]->up()) return;
  const auto view = parts_->nodes[id]->view();
  const replica::Tip& tip = view->tip();
  if (tip.header.tree_size < setting_.checker->TreeSizeTold(id)) {
    return Fail(absl::StrCat("node ", id, " does not show what it has told a client of"));
  }
  const History::Moment& now = history().At(tip.header.height);
  const std::optional<PublicKey> key = AnyKey(now);
  const Call call{id, *view, now, query::ResolveReader(*view, key), Sight(&history(), now, key)};
  const auto same = [](const rules::AccreditationView& each, std::uint64_t index) {
    return each.index.value() == index;
  };
  if (call.reader.code != call.sight.member.value_or(MemberCode()) ||
      !std::ranges::equal(call.reader.accreditations, call.sight.given, same)) {
    return Fail("a key has other rights than the entries say");
  }
  (this->*method)(call);
}

bool Readers::IsShown(const Call& call, const v1::Entry& shown, std::uint64_t index) const {
  const auto header = ParseEntryHeader(shown.header());
  const auto signature = Signature::From(shown.signature());
  if (index >= call.tree_size() || !header.ok() || !signature ||
      LeafHash(shown.header(), *signature) != history().leaves()[index]) {
    return false;
  }
  if (!call.sight.May(history().filed()[index]))
    return shown.body().empty() && shown.salt().empty();
  return Sha256({std::string_view("\x02"), shown.salt(), shown.body()}) == header->body_commitment;
}

void Readers::Check(const Call& call, const v1::LedgerEntry& shown, std::uint64_t index) {
  ++seen_;
  if (shown.index() != index || !IsShown(call, shown.entry(), index)) {
    return Fail(absl::StrCat("entry ", shown.index(), " is shown where entry ", index,
                             " of the log is, or with another body than may be seen"));
  }
  const History::Filed& filed = history().filed()[index];
  const bool sees = call.sight.May(filed);
  if (shown.leaf_hash() != history().leaves()[index].view() || shown.height() != filed.height ||
      shown.time_us() != history().At(Height(filed.height)).header.time.us ||
      shown.type() != (sees ? filed.type : "") ||
      shown.status() != (sees ? v1::CURRENT : v1::ENTRY_STATUS_UNSPECIFIED)) {
    Fail(absl::StrCat("something else is said of entry ", index));
  }
}

// What is final at the node is there, by either name, and nothing else.
void Readers::Get(const Call& call) {
  const std::uint64_t index = random_.Below(history().leaves().size() + 2);
  v1::GetEntryRequest request;
  if (index < history().filed().size() && random_.Chance(500)) {
    request.mutable_author_sequence()->set_author(history().filed()[index].author.str());
    request.mutable_author_sequence()->set_sequence(history().filed()[index].sequence);
  } else {
    request.set_index(index);
  }
  const auto answer = query::GetEntry(call.view, call.reader, request);
  const bool there = index < call.tree_size();
  if (answer.ok() && there) return Check(call, *answer, index);
  if (answer.ok() || there || !absl::IsNotFound(answer.status())) {
    Fail(absl::StrCat("entry ", index, there ? " is not shown" : " is shown too early"));
  }
}

// A listing goes on at another node as it was begun; one that lags cannot answer yet.
void Readers::List(const Call& call) {
  Client& client = AnyClient();
  if (client.token.empty()) {
    client.listed = 0;
    client.log = call.tree_size();
    client.author = random_.Chance(300)
                        ? parts_->states[random_.Below(parts_->states.size())].code().str()
                        : "";
  }
  v1::ListEntriesRequest request;
  request.set_page_size(kPage);
  request.set_page_token(client.token);
  request.set_author(client.author);
  const auto answer = query::ListEntries(call.view, call.reader, request);
  if (!answer.ok()) {
    if (!client.token.empty() && absl::IsOutOfRange(answer.status())) return;
    return Fail(absl::StrCat("a page is refused: ", answer.status().message()));
  }
  const auto skip = [&] {
    while (client.listed < client.log && !client.author.empty() &&
           history().filed()[client.listed].author.str() != client.author) {
      ++client.listed;
    }
  };
  for (const v1::LedgerEntry& shown : answer->entries()) {
    skip();
    Check(call, shown, client.listed++);
  }
  skip();
  client.token = answer->next_page_token();
  if (client.token.empty() && client.listed != client.log) Fail("a listing is not the whole log");
}

// Of one type, those whose bodies may be seen, and no sign of others.
void Readers::ListType(const Call& call) {
  if (call.tree_size() == 0) return;
  v1::ListEntriesRequest request;
  request.set_type(history().filed()[random_.Below(call.tree_size())].type);
  request.set_from_index(random_.Below(call.tree_size()));
  request.set_to_index(request.from_index() + random_.Below(4 * kPage));
  const std::uint64_t end = std::min<std::uint64_t>(request.to_index(), call.tree_size());
  std::uint64_t next = request.from_index();
  const auto skip = [&] {
    while (next < end && (history().filed()[next].type != request.type() ||
                          !call.sight.May(history().filed()[next]))) {
      ++next;
    }
  };
  const auto list = [&](const auto& page) {
    return query::ListEntries(call.view, call.reader, page);
  };
  const absl::Status status = Whole(request, list, [&](const v1::ListEntriesResponse& page) {
    for (const v1::LedgerEntry& shown : page.entries()) {
      skip();
      Check(call, shown, next++);
    }
    skip();
    if (next == end && !page.next_page_token().empty()) Fail("a page tells of what is not shown");
  });
  if (!status.ok()) return Fail(absl::StrCat("a type is refused: ", status.message()));
  if (next != end) Fail(absl::StrCat("not all of ", request.type(), " are shown"));
}

// Everything once and in order, whichever node it watches.
void Readers::Watch(const Call& call) { WatchOn(call, AnyClient()); }

void Readers::WatchOn(const Call& call, Client& client) {
  const auto batch = query::NextForWatch(call.view, call.reader, {}, EntryIndex(client.watched));
  if (!batch.ok()) return Fail(absl::StrCat("a watch ends: ", batch.status().message()));
  if (batch->entries.empty() && client.watched < call.tree_size()) Fail("a watch stands still");
  for (const v1::LedgerEntry& shown : batch->entries) Check(call, shown, client.watched++);
  if (batch->next.value() != client.watched) Fail("a watch passes over entries");
}

void Readers::WatchToTheEnd(const Call& call) {
  for (Client& client : clients_) {
    while (client.watched < call.tree_size() && !setting_.checker->failure()) WatchOn(call, client);
  }
}

}  // namespace assent::simulation
