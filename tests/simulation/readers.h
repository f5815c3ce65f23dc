// Clients that read, by every read method of the ledger's service and by ListStateKeys, at one
// honest node after the other: as members, as inspectors, and as strangers. They call what the
// service calls, and go by the rights that the node gives to the key that they show. What a client
// is shown must be the one order of entries that there is, up to where the node has come, and what
// follows from it there by the second reading (history.h): roots are that reading's own, and so is
// who may see which body. Proofs, receipts, checkpoints and blocks are checked as a client checks
// them, too. And a node has come at least as far as it has told any client.
//
// Not here, since it is the service's own: admission and limits, the log of what inspectors read,
// when a stream ends or waits, what a call that began with more rights is told, and what
// GetAuthorHead adds for entries that still wait at a node (include_pending). Of Ask, the second
// reading has an answer to RevisionStatus and YearTotals; what others answer must be the same at
// any other node that has come as far, in pages of any size.
#ifndef ASSENT_TESTS_SIMULATION_READERS_H_
#define ASSENT_TESTS_SIMULATION_READERS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assent/v1/ledger.pb.h"
#include "ledger/audit/audit.h"
#include "node/query/reader.h"
#include "tests/simulation/ledger_parts.h"
#include "tests/simulation/replica_node.h"
#include "tests/simulation/sight.h"
#include "tests/simulation/stage.h"

namespace assent::simulation {

class Readers {
 public:
  Readers(const LedgerParts* parts, const Setting& setting, Random random);

  // One of them reads once, at any honest node.
  void Read();
  // When all is calm: by each method at each of these nodes, and each watch to its end.
  void ReadAll(const std::vector<NodeId>& nodes);
  std::uint64_t seen() const { return seen_; }

 private:
  struct Client {
    std::uint64_t watched = 0;  // the next index that it is to be shown
    std::uint64_t listed = 0;   // the same of a listing that is under way
    std::uint64_t log = 0;      // entries that there were when it began
    std::string author;         // only by this one, unless empty
    std::string token;          // of its next page; empty: it begins anew
  };
  // One call: at which node, how far that has come, and who asks.
  struct Call {
    NodeId node;
    const replica::ReadView& view;
    const History::Moment& now;
    query::Reader reader;  // as the node has it
    Sight sight;           // as it should be
    std::uint64_t tree_size() const { return now.header.tree_size; }
    bool is_member() const { return sight.member.has_value(); }
  };
  using Method = void (Readers::*)(const Call& call);

  void ReadAt(NodeId id, Method method);
  static const std::vector<Method> kMethods;
  static constexpr std::size_t kClients = 3;
  static constexpr int kPage = 7;

  // readers.cc: entries.
  void Get(const Call& call);
  void List(const Call& call);
  void ListType(const Call& call);
  void Watch(const Call& call);
  void WatchOn(const Call& call, Client& client);
  void WatchToTheEnd(const Call& call);
  // readers_proofs.cc: what can be checked without trust.
  void Receipt(const Call& call);
  void Checkpoint(const Call& call);
  void Consistency(const Call& call);
  void Inclusion(const Call& call);
  void Blocks(const Call& call);
  // readers_state.cc: what follows from the entries.
  void Status(const Call& call);
  void Members(const Call& call);
  void HeadOf(const Call& call);
  void Questions(const Call& call);
  void Inspectors(const Call& call);
  void Revisions(const Call& call);
  void Drafts(const Call& call);
  void Ask(const Call& call);
  void StateKeys(const Call& call);

  NodeId AnyHonest();
  std::optional<PublicKey> AnyKey(const History::Moment& now);
  Client& AnyClient() { return clients_[random_.Below(clients_.size())]; }
  // An entry that is shown as the one of this index.
  void Check(const Call& call, const v1::LedgerEntry& shown, std::uint64_t index);
  // The same, with its body where that may be seen, and only there.
  bool IsShown(const Call& call, const v1::Entry& shown, std::uint64_t index) const;
  void CheckBlock(const Call& call, const v1::FinalBlock& block, Height height);
  bool IsRound(const v1::Revision& shown, std::uint64_t tree_size) const;
  void CheckRounds(const Call& call, const v1::AskRequest& asked,
                   const std::vector<v1::AnswerRow>& rows);
  void CheckTotals(const v1::AskRequest& asked, const std::vector<v1::AnswerRow>& rows);
  void CheckEvidence(const std::vector<v1::AnswerRow>& rows);
  const History& history() const { return parts_->history; }
  void Fail(std::string_view what) { setting_.checker->Fail("reading: " + std::string(what)); }

  // Follows a listing to its end, in pages of one size.
  template <class Request, class List, class Visit>
  absl::Status Whole(Request request, const List& list, const Visit& visit) {
    request.set_page_size(static_cast<std::int32_t>(random_.Between(1, kPage)));
    do {
      const auto page = list(request);
      if (!page.ok()) return page.status();
      visit(*page);
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return absl::OkStatus();
  }

  const LedgerParts* const parts_;
  const Setting setting_;
  Random random_;
  std::vector<Client> clients_{kClients};
  Auditor auditor_;  // of a member that gets its blocks at any of the nodes
  std::uint64_t seen_ = 0;
};

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_READERS_H_
