// A second reading of the final log, independent of the rules that the nodes apply: who is a
// member, by which keys it speaks, whose nodes vote, what the members have decided, and which
// revisions all of them have signed. It follows from nothing but the founding act and the entries,
// and does its own arithmetic.
#ifndef ASSENT_TESTS_SIMULATION_HISTORY_H_
#define ASSENT_TESTS_SIMULATION_HISTORY_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "assent/v1/entry.pb.h"
#include "assent/v1/revision.pb.h"
#include "ledger/act/founding_act.h"
#include "ledger/block/header.h"
#include "ledger/membership/voters.h"
#include "ledger/types.h"
#include "node/consensus/messages.h"

namespace assent::simulation {

class History {
 public:
  struct Node {
    PublicKey vote, checkpoint, transport;
    bool operator==(const Node&) const = default;
  };
  struct Member {
    std::uint64_t membership = 0;
    PublicKey authority, reader;
    std::optional<Node> node;
    bool votes = false;
  };
  struct Question {
    MemberCode about, author;
    std::optional<Member> joins;  // a subscription; else a suspension
    // By whom and in which membership, in which entry.
    std::map<std::pair<MemberCode, std::uint64_t>, std::uint64_t> endorsed;
    std::optional<std::uint64_t> decided;  // by this entry
  };
  // Parameters that revisions change here.
  struct Periods {
    Duration comments, heartbeat;
    bool operator==(const Periods&) const = default;
  };
  struct Round {
    MemberCode proposer;
    Hash text;  // with the changes
    std::optional<Duration> comments, heartbeat;
    std::uint32_t replaces = 0;
    std::map<MemberCode, std::uint64_t> signatures;  // with the membership
    bool open = true;
    v1::RoundStatus end = v1::ROUND_STATUS_UNSPECIFIED;  // how it ended, and by which entry
    std::uint64_t ended_by = 0;
  };
  // What a member lets the holder of a key read.
  struct Accreditation {
    MemberCode member;
    std::uint64_t membership = 0;
    PublicKey key;
    bool all_bodies = false;
    std::set<std::string> authors, types;  // empty: all, of those named
    Time from, until;
    std::optional<std::uint64_t> ended;  // by this entry
  };
  struct Draft {
    MemberCode author;
    std::uint32_t replaces = 0;
    Hash text;
  };
  struct Revision {
    std::uint64_t round = 0;
    std::uint64_t tree_size = 0;  // from which it is in force
    Hash text;
    Periods periods;  // in force with it
  };
  struct Head {
    std::uint64_t sequence = 0;
    Hash leaf;
  };

  // An entry.
  struct Filed {
    MemberCode author;
    std::uint64_t sequence = 0;
    std::string type;  // of its record
    bool is_public = false;
    std::uint64_t height = 0;
  };

  // What held at a height, for readers of a node that has come no further.
  struct Moment {
    BlockHeader header;  // of height 0: what the act says
    Hash hash;           // of the block; not of height 0
    std::map<MemberCode, Member> members;
    std::map<MemberCode, Head> heads;
  };

  explicit History(const FoundingAct& act);

  // An act of the members starts this epoch on that block.
  void Restart(const Hash& block, Epoch epoch);
  // The next final block: what is wrong with it, nothing when all is well.
  std::optional<std::string> Read(const consensus::Block& block);

  const std::map<MemberCode, Member>& members() const { return members_; }
  const Member* Find(const MemberCode& code) const;
  std::size_t voters() const { return epochs_.back().size(); }
  // In code order; nothing when the epoch has not begun.
  const std::vector<Voter>* VotersOf(Epoch epoch) const;
  std::size_t epochs() const { return epochs_.size(); }
  const std::map<std::uint64_t, Question>& questions() const { return questions_; }
  const std::map<std::uint64_t, Round>& rounds() const { return rounds_; }
  const std::map<std::uint64_t, Accreditation>& accreditations() const { return accreditations_; }
  const std::map<std::uint64_t, Draft>& drafts() const { return drafts_; }
  const std::vector<Revision>& revisions() const { return revisions_; }
  // How many of them were in force at this size of the log.
  std::size_t RevisionsAt(std::uint64_t tree_size) const;
  // With so many revisions.
  const Periods& PeriodsAfter(std::size_t revisions) const {
    return revisions == 0 ? founded_ : revisions_[revisions - 1].periods;
  }
  Head HeadOf(const MemberCode& author) const;
  // Of a final block, or 0.
  const Moment& At(Height height) const { return moments_.at(height.value()); }
  const std::vector<Hash>& leaves() const { return leaves_; }
  const std::vector<Filed>& filed() const { return filed_; }
  // Of the tree of the first so many entries.
  const Hash& RootOf(std::uint64_t tree_size) const { return roots_.at(tree_size); }
  // The epoch that an act of the members starts on that block.
  std::optional<Epoch> RestartOn(const Hash& block) const;

 private:
  using Wrong = std::optional<std::string>;
  Wrong ReadEntry(const Entry& entry, std::uint64_t index);
  Wrong ReadRecord(const MemberCode& author, const v1::Body& body, std::uint64_t index);
  Wrong EndAccreditation(const MemberCode& author, std::uint64_t given, std::uint64_t index);
  static Round ReadRound(const MemberCode& author, const v1::RevisionOpen& said);
  Wrong ReadVotingStatus(const MemberCode& author, const v1::VotingStatus& said);
  Wrong ReadSignature(const MemberCode& author, const v1::RevisionSign& said, std::uint64_t index);
  Wrong EndRound(std::uint64_t round, v1::RoundStatus end, std::uint64_t index);
  void Endorse(const MemberCode& author, Question& question, std::uint64_t index);
  void CompleteRounds(std::uint64_t index);
  std::vector<Voter> Voters() const;
  void BeginRestarted();
  void AddLeaf(const Hash& leaf);
  Hash Root() const;

  const LedgerId ledger_;
  const Periods founded_;
  std::map<MemberCode, Member> members_;
  std::map<MemberCode, Head> heads_;
  std::map<std::uint64_t, Question> questions_;  // by the entry that opened them
  std::map<std::uint64_t, Round> rounds_;
  std::map<std::uint64_t, Accreditation> accreditations_;
  std::map<std::uint64_t, Draft> drafts_;
  std::vector<Revision> revisions_;
  std::vector<std::vector<Voter>> epochs_;
  std::map<Hash, Epoch> restarts_;  // which the acts start, by the block that each names
  std::vector<Hash> blocks_;        // from height 1
  std::vector<Moment> moments_;     // from height 0
  std::vector<Hash> leaves_;
  std::vector<Filed> filed_;
  std::vector<Hash> roots_;     // by the number of entries
  std::vector<Hash> subtrees_;  // of the log's Merkle tree, the whole ones, the largest first
};

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_HISTORY_H_
