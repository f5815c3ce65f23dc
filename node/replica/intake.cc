#include "node/replica/intake.h"

#include <cstdint>
#include <map>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "ledger/log/checkpoint.h"

namespace assent::replica {

namespace cs = consensus;

void KeyDirectory::Set(std::shared_ptr<const Keys> keys) {
  const std::lock_guard lock(mutex_);
  keys_ = std::move(keys);
}

std::shared_ptr<const KeyDirectory::Keys> KeyDirectory::Get() const {
  const std::lock_guard lock(mutex_);
  return keys_;
}

void Intake::Enter(std::shared_ptr<EpochContext> epoch) {
  const std::lock_guard lock(mutex_);
  epoch_ = std::move(epoch);
}

std::shared_ptr<const EpochContext> Intake::epoch() const {
  const std::lock_guard lock(mutex_);
  return epoch_;
}

std::optional<rules::Refusal> Intake::CheckEntry(const Entry& entry) {
  const EntryHeader& header = entry.header();
  if (header.ledger_id != ledger_) {
    return rules::Refusal{"WRONG_LEDGER",
                          absl::StrCat("the entry is for ledger ", header.ledger_id.hex(),
                                       "; this is ", ledger_.hex()),
                          "ledger_id"};
  }
  if (verified_.Contains(entry.leaf_hash())) return std::nullopt;
  const auto keys = keys_.Get();
  const auto key = keys->find({header.author, header.authority_key_id});
  if (key == keys->end()) {
    const auto any = keys->lower_bound({header.author, KeyId()});
    if (any == keys->end() || any->first.first != header.author) {
      return rules::Refusal{"UNKNOWN_AUTHOR",
                            absl::StrCat(header.author.str(), " is not a member of this ledger"),
                            "author"};
    }
    return rules::Refusal{
        "KEY_NOT_IN_FORCE",
        absl::StrCat("key ", header.authority_key_id.hex(), " is not an authority key in force of ",
                     header.author.str()),
        "authority_key_id"};
  }
  if (!entry.VerifySignature(key->second)) {
    return rules::RefuseBadSignature(header);
  }
  verified_.Insert(entry.leaf_hash());
  return std::nullopt;
}

absl::Status Intake::CheckBlockEntries(const std::vector<EntryPtr>& entries) {
  const auto keys = keys_.Get();
  for (const EntryPtr& entry : entries) {
    const EntryHeader& header = entry->header();
    if (!keys->contains({header.author, header.authority_key_id})) continue;
    if (const auto refusal = CheckEntry(*entry)) {
      return absl::InvalidArgumentError(absl::StrCat(refusal->reason, ": ", refusal->message));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<CatchUpBlock> Intake::CheckBlock(std::string_view bytes) {
  const auto epoch = this->epoch();
  if (epoch == nullptr) return absl::UnavailableError("the node is starting");
  auto parts = ParseFinalBlock(bytes, epoch->epoch(), epoch->voters().size());
  if (!parts.ok()) return parts.status();
  if (auto status = CheckBlockEntries(parts->entries); !status.ok()) return status;
  if (parts->certificate) {
    if (auto checked = epoch->verifier.Check(parts->certificate); !checked.ok()) {
      return checked.status();
    }
  }
  if (!parts->restart.empty()) {
    auto restart = CheckRestartBytes(parts->restart, ledger_);
    if (!restart.ok()) return restart.status();
    parts->restarted = *std::move(restart);
  }
  return CatchUpBlock{*std::move(parts)};
}

std::vector<SignedTree> Intake::CheckNote(Height height, std::string_view note) {
  std::vector<SignedTree> good;
  const auto epoch = this->epoch();
  const auto parsed = ParseNote(note);
  if (epoch == nullptr || !parsed.ok() || parsed->checkpoint.origin != origin_) return good;
  std::map<std::uint32_t, Signature> lines;
  for (const NoteSignature& line : parsed->signatures) lines[line.key_id] = line.signature;
  const auto take = [&](const VoterSet& voters) {
    for (const Voter& voter : voters.voters()) {
      const auto line = lines.find(NoteKeyId(origin_, voter.checkpoint_key));
      if (line == lines.end() ||
          !VerifyCheckpoint(parsed->checkpoint, voter.checkpoint_key, line->second)) {
        continue;
      }
      good.push_back({height, parsed->checkpoint.tree_size, parsed->checkpoint.root, voter.code,
                      line->second});
      lines.erase(line);
    }
  };
  take(epoch->voters());
  if (epoch->before) take(*epoch->before);
  return good;
}

// One message on its way through the checks of its kind.
class Intake::Message {
 public:
  Message(Intake& intake, const EpochContext& epoch, const MemberCode& from)
      : intake_(intake), epoch_(epoch), from_(from), position_(epoch.voters().Find(from)) {}

  // Every member may say these.
  absl::StatusOr<PeerInput> operator()(Hello hello) const;
  absl::StatusOr<PeerInput> operator()(WaitingEntries waiting) const;
  absl::StatusOr<PeerInput> operator()(SignedTree tree) const;
  absl::StatusOr<PeerInput> operator()(const RestartBytes& restart) const;

  // And only voters all else.
  absl::StatusOr<PeerInput> operator()(cs::Proposal m) const { return Block(std::move(m)); }
  absl::StatusOr<PeerInput> operator()(cs::BlockResponse m) const { return Block(std::move(m)); }
  absl::StatusOr<PeerInput> operator()(cs::Vote m) const { return Signed(std::move(m)); }
  absl::StatusOr<PeerInput> operator()(cs::CertificateMessage m) const {
    return Signed(std::move(m));
  }
  absl::StatusOr<PeerInput> operator()(cs::RestoreResponse m) const;
  absl::StatusOr<PeerInput> operator()(cs::CertificateRequest m) const { return Request(m); }
  absl::StatusOr<PeerInput> operator()(cs::BlockRequest m) const { return Request(m); }
  absl::StatusOr<PeerInput> operator()(cs::RestoreRequest m) const { return Request(m); }

 private:
  absl::Status NoVoter() const {
    return absl::InvalidArgumentError(absl::StrCat(from_.str(), " is no voter"));
  }
  PeerInput ForCore(cs::Event event) const { return CoreInput{epoch_.epoch(), std::move(event)}; }
  template <class T>
  absl::StatusOr<PeerInput> Request(T message) const {
    if (!position_) return NoVoter();
    return ForCore(cs::RequestReceived{*position_, message});
  }
  template <class T>
  absl::StatusOr<PeerInput> Signed(T message) const {
    if (!position_) return NoVoter();
    auto checked = epoch_.verifier.Check(std::move(message));
    if (!checked.ok()) return checked.status();
    return ForCore(cs::Received<T>{*position_, *std::move(checked)});
  }
  template <class T>
  absl::StatusOr<PeerInput> Block(T message) const {
    if (!position_) return NoVoter();
    if (auto status = intake_.CheckBlockEntries(message.block->entries); !status.ok()) {
      return status;
    }
    return Signed(std::move(message));
  }
  bool SignedBy(const VoterSet& voters, const SignedTree& tree) const;

  Intake& intake_;
  const EpochContext& epoch_;
  const MemberCode& from_;
  const std::optional<cs::Position> position_;
};

absl::StatusOr<PeerInput> Intake::Message::operator()(Hello hello) const {
  if (hello.ledger_id != intake_.ledger_) {
    return absl::InvalidArgumentError(
        absl::StrCat(from_.str(), " is on another ledger, ", hello.ledger_id.hex()));
  }
  if (hello.code != from_) {
    return absl::InvalidArgumentError(
        absl::StrCat("the node of ", from_.str(), " calls itself ", hello.code.str()));
  }
  HelloSeen seen{hello.final_height, std::nullopt, hello.restoring, hello.vote_of_later_epoch};
  if (hello.newest_vote_of_yours) {
    if (epoch_.voters().at(hello.newest_vote_of_yours->voter).code != intake_.self_) {
      return absl::InvalidArgumentError("a greeting with somebody else's vote");
    }
    auto vote = epoch_.verifier.Check(*hello.newest_vote_of_yours);
    if (!vote.ok()) return vote.status();
    seen.own_vote.emplace(*std::move(vote));
  }
  return seen;
}

// An entry whose key is not in force here may come from a node that is further: it comes again.
absl::StatusOr<PeerInput> Intake::Message::operator()(WaitingEntries waiting) const {
  if (auto status = intake_.CheckBlockEntries(waiting.entries); !status.ok()) return status;
  std::erase_if(waiting.entries,
                [&](const EntryPtr& entry) { return intake_.CheckEntry(*entry).has_value(); });
  return waiting;
}

bool Intake::Message::SignedBy(const VoterSet& voters, const SignedTree& tree) const {
  const auto position = voters.Find(tree.voter);
  const Checkpoint checkpoint{intake_.origin_, tree.tree_size, tree.root};
  return position &&
         VerifyCheckpoint(checkpoint, voters.at(*position).checkpoint_key, tree.signature);
}

// The tree of the block that closed the epoch before is signed by its voters.
absl::StatusOr<PeerInput> Intake::Message::operator()(SignedTree tree) const {
  if (tree.voter != from_) {
    return absl::InvalidArgumentError("a checkpoint signature that is not its sender's");
  }
  if (!SignedBy(epoch_.voters(), tree) && !(epoch_.before && SignedBy(*epoch_.before, tree))) {
    return absl::InvalidArgumentError("a checkpoint signature that is not good");
  }
  return tree;
}

// One that is known here, or too late, is not looked at: every greeting brings it.
absl::StatusOr<PeerInput> Intake::Message::operator()(const RestartBytes& restart) const {
  const Epoch epoch = EpochOfRestart(restart.act);
  if (epoch <= epoch_.epoch()) return OtherEpochSeen{epoch};
  auto checked = CheckRestartBytes(restart.act, intake_.ledger_);
  if (!checked.ok()) return checked.status();
  return *std::move(checked);
}

absl::StatusOr<PeerInput> Intake::Message::operator()(cs::RestoreResponse m) const {
  const auto asker = epoch_.voters().Find(intake_.self_);
  if (!position_) return NoVoter();
  if (!asker || !intake_.awaits_restore_) {
    return absl::InvalidArgumentError("an answer that was not asked for");
  }
  auto checked = epoch_.verifier.Check(std::move(m), *asker);
  if (!checked.ok()) return checked.status();
  return ForCore(cs::Received<cs::RestoreResponse>{*position_, *std::move(checked)});
}

absl::StatusOr<PeerInput> Intake::CheckMessage(const MemberCode& from, std::string_view bytes) {
  const auto epoch = this->epoch();
  if (epoch == nullptr) return absl::UnavailableError("the node is starting");
  auto parsed = epoch->codec.Parse(bytes);
  if (absl::IsOutOfRange(parsed.status())) {
    std::uint64_t other = 0;
    if (!absl::SimpleAtoi(parsed.status().message(), &other)) return parsed.status();
    return OtherEpochSeen{Epoch(other)};
  }
  if (!parsed.ok()) return parsed.status();
  return std::visit(Message(*this, *epoch, from), *std::move(parsed));
}

}  // namespace assent::replica
