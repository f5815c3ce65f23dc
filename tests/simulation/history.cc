#include "tests/simulation/history.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ledger/crypto/hash.h"
#include "ledger/membership/voting_proof.h"

namespace assent::simulation {
namespace {

// How old the block may be that a node signs to vote.
constexpr std::uint64_t kProofBlocks = 16'384;

std::optional<std::string> Fault(const MemberCode& author, std::string_view what) {
  return absl::StrCat("validity: ", author.str(), " ", AbslView(what));
}

// RFC 6962, section 2.1.
Hash Above(const Hash& left, const Hash& right) {
  return Sha256({std::string_view("\x01", 1), left.view(), right.view()});
}

}  // namespace

History::History(const FoundingAct& act)
    : ledger_(act.ledger_id),
      founded_{act.text.parameters.comment_period, act.text.parameters.heartbeat} {
  for (const Founder& founder : act.text.founders) {
    members_[founder.code] = {0, founder.authority_key, founder.reader_key,
                              Node{founder.vote_key, founder.checkpoint_key, founder.transport_key},
                              true};
  }
  epochs_.push_back(Voters());
  BlockHeader founded;
  founded.ledger_id = ledger_;
  founded.time = act.text.founded;
  moments_.push_back({founded, Hash(), members_, {}});
  roots_.push_back(Root());
}

std::vector<Voter> History::Voters() const {
  std::vector<Voter> voters;
  for (const auto& [code, member] : members_) {
    if (!member.votes) continue;
    voters.push_back({code, member.node->vote, member.node->checkpoint, member.node->transport});
  }
  return voters;
}

const History::Member* History::Find(const MemberCode& code) const {
  const auto found = members_.find(code);
  return found == members_.end() ? nullptr : &found->second;
}

const std::vector<Voter>* History::VotersOf(Epoch epoch) const {
  if (epoch.value() == 0 || epoch.value() > epochs_.size()) return nullptr;
  return &epochs_[epoch.value() - 1];
}

History::Head History::HeadOf(const MemberCode& author) const {
  const auto found = heads_.find(author);
  return found == heads_.end() ? Head() : found->second;
}

std::size_t History::RevisionsAt(std::uint64_t tree_size) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      revisions_,
      [tree_size](const Revision& revision) { return revision.tree_size <= tree_size; }));
}

std::optional<Epoch> History::RestartOn(const Hash& block) const {
  const auto found = restarts_.find(block);
  return found == restarts_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::string> History::Read(const consensus::Block& block) {
  const BlockHeader& header = block.header;
  const std::string at = absl::StrCat(" at height ", header.height.value());
  if (header.epoch.value() != epochs_.size()) {
    return absl::StrCat("epochs: a block of epoch ", header.epoch.value(), " in epoch ",
                        epochs_.size(), at);
  }
  if (header.first_index.value() != leaves_.size()) {
    return absl::StrCat("validity: first index ", header.first_index.value(), " after ",
                        leaves_.size(), " entries", at);
  }
  for (std::size_t i = 0; i < block.entries.size(); ++i) {
    if (auto wrong = ReadEntry(*block.entries[i], leaves_.size())) return *wrong + at;
    filed_.back().height = header.height.value();
    AddLeaf(block.entries[i]->leaf_hash());
    if (i + 1 < block.entries.size() && Voters() != epochs_.back()) {
      return absl::StrCat("epochs: entries follow the one that changes the voters", at);
    }
  }
  blocks_.push_back(block.hash);
  moments_.push_back({header, block.hash, members_, heads_});
  if (header.tree_size != leaves_.size() || header.tree_root != roots_.back()) {
    return absl::StrCat("validity: size or root are not those of the entries", at);
  }
  const std::vector<Voter> now = Voters();
  const bool changed = now != epochs_.back();
  if (changed != (header.kind == BlockKind::kClosing)) {
    return absl::StrCat("epochs: the voters have ", changed ? "" : "not ", "changed", at);
  }
  const auto set = VoterSet::Make(now);
  if (!set.ok() || set->hash() != header.voters_hash) {
    return absl::StrCat("epochs: other voters than the entries say", at);
  }
  std::vector<MemberIdentity> members;
  for (const auto& [code, member] : members_) {
    members.push_back({code, member.authority, EntryIndex(member.membership)});
  }
  if (MembersHash(members) != header.members_hash) {
    return absl::StrCat("members: others than the entries say", at);
  }
  if (changed) epochs_.push_back(now);
  BeginRestarted();
  return std::nullopt;
}

void History::Restart(const Hash& block, Epoch epoch) {
  restarts_[block] = epoch;
  BeginRestarted();
}

// The voters stay. Epochs between are those of acts that nothing came of.
void History::BeginRestarted() {
  const auto restart = blocks_.empty() ? restarts_.end() : restarts_.find(blocks_.back());
  if (restart == restarts_.end()) return;
  while (epochs_.size() < restart->second.value()) epochs_.push_back(epochs_.back());
}

// There is a whole subtree for each bit of the number of leaves.
void History::AddLeaf(const Hash& leaf) {
  leaves_.push_back(leaf);
  Hash subtree = leaf;
  for (std::size_t left = leaves_.size(); left % 2 == 0; left /= 2) {
    subtree = Above(subtrees_.back(), subtree);
    subtrees_.pop_back();
  }
  subtrees_.push_back(subtree);
  roots_.push_back(Root());
}

Hash History::Root() const {
  if (subtrees_.empty()) return Sha256("");
  Hash root = subtrees_.back();
  for (std::size_t i = subtrees_.size() - 1; i-- > 0;) root = Above(subtrees_[i], root);
  return root;
}

History::Wrong History::ReadEntry(const Entry& entry, std::uint64_t index) {
  const EntryHeader& header = entry.header();
  const Member* author = Find(header.author);
  if (author == nullptr) return Fault(header.author, "files and is no member");
  Head& head = heads_[header.author];
  if (header.sequence.value() != head.sequence + 1 || header.previous != head.leaf) {
    return Fault(header.author, absl::StrCat("files sequence ", header.sequence.value(), " after ",
                                             head.sequence, ", or on another entry"));
  }
  if (!entry.VerifySignature(author->authority)) {
    return Fault(header.author, "files with a key that is not in force");
  }
  head = {header.sequence.value(), entry.leaf_hash()};
  v1::Body body;
  if (!entry.has_body() || !body.ParseFromString(entry.body())) {
    return Fault(header.author, "files no body");
  }
  const auto* record = v1::Body::descriptor()->FindFieldByNumber(body.record_case());
  if (record == nullptr) return Fault(header.author, "files no record");
  filed_.push_back({header.author, header.sequence.value(), record->message_type()->name(),
                    body.visibility() == v1::PUBLIC});
  return ReadRecord(header.author, body, index);
}

History::Wrong History::ReadRecord(const MemberCode& author, const v1::Body& body,
                                   std::uint64_t index) {
  Member& member = members_.at(author);
  switch (body.record_case()) {
    case v1::Body::kSubscriptionNote: {
      v1::SubscriptionStatement said;
      if (!said.ParseFromString(body.subscription_note().statement())) {
        return Fault(author, "lodges a note that cannot be read");
      }
      Question& question = questions_[index];
      question.about = *MemberCode::From(said.code());
      question.author = author;
      question.joins = Member{0, *PublicKey::From(said.authority_key()),
                              *PublicKey::From(said.reader_key()), std::nullopt, false};
      Endorse(author, question, index);
      return std::nullopt;
    }
    case v1::Body::kVoteSuspension: {
      Question& question = questions_[index];
      question.about = *MemberCode::From(body.vote_suspension().member());
      question.author = author;
      Endorse(author, question, index);
      return std::nullopt;
    }
    case v1::Body::kEndorsement: {
      const auto found = questions_.find(body.endorsement().question());
      if (found == questions_.end() || found->second.decided) {
        return Fault(author, "endorses what is no open question");
      }
      Endorse(author, found->second, index);
      return std::nullopt;
    }
    case v1::Body::kMembershipWithdrawal:
      members_.erase(author);
      CompleteRounds(index);
      return std::nullopt;
    case v1::Body::kNodeKeys:
      member.node = Node{*PublicKey::From(body.node_keys().vote_key()),
                         *PublicKey::From(body.node_keys().checkpoint_key()),
                         *PublicKey::From(body.node_keys().transport_key())};
      return std::nullopt;
    case v1::Body::kVotingStatus:
      return ReadVotingStatus(author, body.voting_status());
    case v1::Body::kAuthorityKeyRotation:
      member.authority = *PublicKey::From(body.authority_key_rotation().new_key());
      return std::nullopt;
    case v1::Body::kRevisionOpen: {
      const v1::RevisionOpen& said = body.revision_open();
      if (std::ranges::any_of(rounds_, [](const auto& item) { return item.second.open; })) {
        return Fault(author, "opens a round beside another");
      }
      rounds_[index] = ReadRound(author, said);
      return std::nullopt;
    }
    case v1::Body::kRevisionSign:
      return ReadSignature(author, body.revision_sign(), index);
    case v1::Body::kRevisionObject:
      return EndRound(body.revision_object().round(), v1::OBJECTED, index);
    case v1::Body::kRevisionWithdraw:
      return EndRound(body.revision_withdraw().round(), v1::ROUND_WITHDRAWN, index);
    case v1::Body::kInspectorAccreditation: {
      const v1::InspectorAccreditation& said = body.inspector_accreditation();
      accreditations_[index] = {author,
                                member.membership,
                                *PublicKey::From(said.public_key()),
                                said.all_bodies(),
                                {said.authors().begin(), said.authors().end()},
                                {said.types().begin(), said.types().end()},
                                {said.from_us()},
                                {said.until_us()},
                                std::nullopt};
      return std::nullopt;
    }
    case v1::Body::kInspectorAccreditationEnd:
      return EndAccreditation(author, body.inspector_accreditation_end().accreditation(), index);
    case v1::Body::kRevisionDraft: {
      const v1::RevisionDraft& said = body.revision_draft();
      drafts_[index] = {author, said.replaces(), Sha256(said.text())};
      return std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

History::Wrong History::EndAccreditation(const MemberCode& author, std::uint64_t given,
                                         std::uint64_t index) {
  const auto found = accreditations_.find(given);
  if (found == accreditations_.end() || found->second.member != author || found->second.ended) {
    return Fault(author, "ends an accreditation that is none of its own");
  }
  found->second.ended = index;
  return std::nullopt;
}

// What is signed: the text, and after a zero byte a line for each parameter that changes
// (docs/formats.md).
History::Round History::ReadRound(const MemberCode& author, const v1::RevisionOpen& said) {
  Round round;
  round.proposer = author;
  round.replaces = said.replaces();
  std::string lines;
  const auto period = [&](bool given, std::uint32_t seconds, std::string_view label) {
    if (!given) return std::optional<Duration>();
    absl::StrAppend(&lines, AbslView(label), ", seconds: ", seconds, "\n");
    return std::optional(Seconds(seconds));
  };
  const v1::RevisionChanges& changes = said.changes();
  round.comments = period(changes.has_comment_period_seconds(), changes.comment_period_seconds(),
                          "comment period");
  round.heartbeat =
      period(changes.has_heartbeat_seconds(), changes.heartbeat_seconds(), "heartbeat");
  round.text =
      lines.empty() ? Sha256(said.text()) : Sha256({said.text(), std::string_view("\0", 1), lines});
  return round;
}

// More than two thirds of those that are members now, in the membership in which they endorsed.
void History::Endorse(const MemberCode& author, Question& question, std::uint64_t index) {
  question.endorsed.try_emplace({author, members_.at(author).membership}, index);
  std::size_t count = 0;
  for (const auto& [code, member] : members_) {
    if (question.endorsed.contains({code, member.membership})) ++count;
  }
  if (3 * count <= 2 * members_.size()) return;
  question.decided = index;
  if (question.joins) {
    Member joined = *question.joins;
    joined.membership = index;
    members_.insert_or_assign(question.about, joined);
  } else {
    members_.at(question.about).votes = false;
  }
}

History::Wrong History::ReadVotingStatus(const MemberCode& author, const v1::VotingStatus& said) {
  Member& member = members_.at(author);
  if (said.votes()) {
    const v1::VotingProof& proof = said.proof();
    const std::uint64_t tip = blocks_.size();
    const auto signature = Signature::From(proof.signature());
    if (proof.height() == 0 || proof.height() > tip || proof.height() + kProofBlocks <= tip ||
        blocks_[proof.height() - 1].view() != proof.block_hash() || !signature || !member.node ||
        !VerifyVotingProof(ledger_, Height(proof.height()), blocks_[proof.height() - 1],
                           member.node->vote, *signature)) {
      return Fault(author, "is to vote without a proof");
    }
  }
  member.votes = said.votes();
  return std::nullopt;
}

History::Wrong History::ReadSignature(const MemberCode& author, const v1::RevisionSign& said,
                                      std::uint64_t index) {
  const auto found = rounds_.find(said.round());
  if (found == rounds_.end() || !found->second.open) return Fault(author, "signs no open round");
  Round& round = found->second;
  if (said.text_hash() != round.text.view() || said.replaces() != round.replaces ||
      said.membership() != members_.at(author).membership) {
    return Fault(author, "signs something else than the round");
  }
  round.signatures[author] = said.membership();
  CompleteRounds(index);
  return std::nullopt;
}

History::Wrong History::EndRound(std::uint64_t round, v1::RoundStatus end, std::uint64_t index) {
  const auto found = rounds_.find(round);
  if (found == rounds_.end() || !found->second.open) {
    return absl::StrCat("validity: round ", round, " is ended and is not open");
  }
  found->second.open = false;
  found->second.end = end;
  found->second.ended_by = index;
  return std::nullopt;
}

// A text is in force when each state that is a member now has signed it in its present membership.
void History::CompleteRounds(std::uint64_t index) {
  for (auto& [id, round] : rounds_) {
    if (!round.open) continue;
    const bool all = std::ranges::all_of(members_, [&round = round](const auto& item) {
      const auto signature = round.signatures.find(item.first);
      return signature != round.signatures.end() && signature->second == item.second.membership;
    });
    if (!all) continue;
    EndRound(id, v1::FINAL, index);
    const Periods& before = PeriodsAfter(revisions_.size());
    const Periods periods{round.comments.value_or(before.comments),
                          round.heartbeat.value_or(before.heartbeat)};
    revisions_.push_back({id, index + 1, round.text, periods});
  }
}

}  // namespace assent::simulation
