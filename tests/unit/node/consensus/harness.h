// What the tests of the ordering protocol share: voters whose keys the test holds, messages that
// they could send, and a node that does what its core asks for.
#ifndef ASSENT_TESTS_UNIT_NODE_CONSENSUS_HARNESS_H_
#define ASSENT_TESTS_UNIT_NODE_CONSENSUS_HARNESS_H_

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/crypto/keys.h"
#include "node/consensus/core.h"

namespace assent::consensus {

inline constexpr Epoch kEpoch{1};
inline constexpr Time kGenesisTime{1'000'000'000'000'000};

// n voters AAA, AAB, ... and everything that they can sign. leader(view) is at (1 + view) mod n.
class Voters {
 public:
  explicit Voters(std::size_t n);

  std::size_t size() const { return set_.size(); }
  const VoterSet& set() const { return set_; }
  const LedgerId& ledger() const { return ledger_; }
  const SigningKey& key(Position p) const { return keys_.at(p); }
  const Verifier& verifier() const { return *verifier_; }
  Position Leader(std::uint64_t view) const { return set_.Leader(kEpoch, View(view)); }
  // The block that the epoch starts on.
  const FinalTip& genesis() const { return genesis_; }

  // A block of `view` by its leader on `parent`, `after` later than it.
  BlockPtr MakeBlock(const Block& parent, std::uint64_t view, std::vector<EntryPtr> entries,
                     Duration after = Milliseconds(1)) const;
  BlockPtr MakeBlock(std::uint64_t view, std::vector<EntryPtr> entries,
                     Duration after = Milliseconds(1)) const;
  BlockPtr MakeBlock(const BlockHeader& parent, const Hash& parent_hash, std::uint64_t view,
                     std::vector<EntryPtr> entries, Time time) const;

  // The block of `view` on `parent` that closes the epoch, and the TAIL block of `view` on
  // `before`.
  BlockPtr MakeClosing(const Block& parent, std::uint64_t view,
                       std::vector<EntryPtr> entries) const;
  BlockPtr MakeTailOn(const Block& before, std::uint64_t view) const;

  Vote MakeVote(Position voter, VoteKind kind, std::uint64_t view,
                const Hash& block = Hash()) const;
  CertificatePtr MakeCertificate(VoteKind kind, std::uint64_t view, const Hash& block,
                                 const std::vector<Position>& voters) const;
  // By the first q voters.
  CertificatePtr Notarized(const Block& block) const;
  CertificatePtr Final(const Block& block) const;
  CertificatePtr Skipped(std::uint64_t view) const;

 private:
  BlockPtr Sign(BlockHeader header, std::vector<EntryPtr> entries) const;

  std::vector<SigningKey> keys_;
  VoterSet set_;
  LedgerId ledger_;
  FinalTip genesis_;
  std::unique_ptr<Verifier> verifier_;
};

// An entry that nobody else's resembles.
EntryPtr MakeEntry(std::uint64_t number);

struct NodeOptions {
  bool follower = false;
  bool restoring = false;
  Timing timing = {};
  FinalTip base = {};  // default: genesis
  Observer* observer = nullptr;
};

// One core with its driver: effects are done in their order, blocks are built of what waits in
// `pool`, and every block is found valid unless the test says otherwise.
class Node {
 public:
  Node(const Voters* voters, Position self, NodeOptions options = {});

  // --- driving
  void Step(Event event);
  void Run(Duration duration);  // ticks at every deadline
  void Restart();               // with what was written
  void SetMono(Instant mono) { mono_ = mono; }
  // As if the wall clock had been set.
  void ShiftWall(Duration by) { wall_shift_ = wall_shift_ + by.us; }

  // --- what others send; fails the test when the verifier refuses it
  void Propose(const BlockPtr& block, std::vector<CertificatePtr> justification = {});
  // Somebody passes a leader's proposal on.
  void PassOn(Position from, const BlockPtr& block);
  void Receive(const Vote& vote);
  void Receive(Position from, std::vector<CertificatePtr> certificates);
  void ReceiveBlock(Position from, const BlockPtr& block);
  void Receive(Position from, const RestoreResponse& response);
  void Request(Position from,
               std::variant<CertificateRequest, BlockRequest, RestoreRequest> request);
  void ReceiveMessage(Position from, const Message& message);
  void PeersUp();
  void AddWork(EntryPtr entry);

  // --- what became of it
  Core& core() { return *core_; }
  Position self() const { return self_; }
  // Everything sent since the last call.
  std::vector<Send> TakeSent();
  const std::vector<Send>& sent() const { return sent_; }
  // The vote of this node that was sent, now or earlier.
  std::optional<Vote> Cast(VoteKind kind, std::uint64_t view) const;
  bool CastNone(std::uint64_t view) const;
  const std::vector<FinalBlock>& delivered() const { return delivered_; }
  const std::map<std::string, std::string>& journal() const { return journal_; }
  bool Journaled(std::uint64_t view, RecordKind kind) const;
  const std::vector<Evidence>& evidence() const { return evidence_; }
  const std::vector<InvalidBlock>& invalid() const { return invalid_; }
  const std::optional<std::string>& broken() const { return broken_; }
  const std::vector<Position>& catch_ups() const { return catch_ups_; }
  std::size_t discarded() const { return discarded_; }
  int standstills() const { return standstills_; }
  std::optional<Instant> deadline() const { return deadline_; }
  Now now() const { return {mono_, Time{kGenesisTime.us + mono_.us + wall_shift_}}; }
  std::optional<bool> restoring_flag() const { return restoring_flag_; }
  std::vector<EntryPtr>& pool() { return pool_; }

  // Does a block of these entries, built here, close the epoch? Default: none does.
  std::function<bool(const std::vector<EntryPtr>&)> closes = [](const auto&) { return false; };
  // Decides about blocks; default: all are valid.
  std::function<Verdict(const Block&)> judge = [](const Block&) { return Verdict::kValid; };

 private:
  void Do(Effects effects);
  void CheckJustified(const Message& message, const std::optional<std::string>& forget_below) const;
  std::optional<Block> Build(const BuildRequest& request);
  const BlockHeader& HeaderOf(const Hash& hash) const;
  Config MakeConfig() const;

  const Voters* voters_;
  Position self_;
  NodeOptions options_;
  std::unique_ptr<Core> core_;
  Instant mono_{1'000'000};
  std::int64_t wall_shift_ = 0;
  std::map<std::string, std::string> journal_;
  std::vector<Send> sent_;
  std::vector<Vote> cast_;
  std::vector<FinalBlock> delivered_;
  std::map<Hash, BlockPtr> blocks_;  // built or validated
  std::vector<EntryPtr> pool_;
  std::vector<Evidence> evidence_;
  std::vector<InvalidBlock> invalid_;
  std::vector<Position> catch_ups_;
  std::optional<std::string> broken_;
  std::optional<Instant> deadline_;
  std::optional<bool> restoring_flag_;
  bool adopts_ = false;  // it has adopted votes of its own that it had lost
  int standstills_ = 0;
  std::size_t discarded_ = 0;
  bool in_step_ = false;
};

// Several nodes whose messages all arrive at once, except where a filter says no.
class Cluster {
 public:
  explicit Cluster(std::size_t n, NodeOptions options = {});

  const Voters& voters() const { return voters_; }
  Node& node(Position p) { return *nodes_.at(p); }
  std::size_t size() const { return nodes_.size(); }
  // Passes messages until none is under way.
  void Settle();
  // Lets time pass for all, with their messages.
  void Run(Duration duration);
  void ConnectAll();
  void AddWork(const EntryPtr& entry);
  void Crash(Position p) { crashed_[p] = true; }
  void Restart(Position p);

  // Does a message get through? Default: always.
  std::function<bool(Position from, Position to, const Message&)> passes =
      [](Position, Position, const Message&) { return true; };

 private:
  Voters voters_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::map<Position, bool> crashed_;
};

}  // namespace assent::consensus

#endif  // ASSENT_TESTS_UNIT_NODE_CONSENSUS_HARNESS_H_
