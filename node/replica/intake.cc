#include "node/replica/intake.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "ledger/log/checkpoint.h"

namespace assent::replica {

namespace cs = consensus;

bool VerifiedEntries::Contains(const Hash& leaf_hash) const {
  const std::lock_guard lock(mutex_);
  return young_.contains(leaf_hash) || old_.contains(leaf_hash);
}

void VerifiedEntries::Insert(const Hash& leaf_hash) {
  const std::lock_guard lock(mutex_);
  young_.insert(leaf_hash);
  if (young_.size() < kGenerationMax) return;
  old_ = std::exchange(young_, {});
}

void KeyDirectory::Set(std::shared_ptr<const Keys> keys) {
  const std::lock_guard lock(mutex_);
  keys_ = std::move(keys);
}

std::shared_ptr<const KeyDirectory::Keys> KeyDirectory::Get() const {
  const std::lock_guard lock(mutex_);
  return keys_;
}

Intake::Intake(LedgerId ledger, std::string origin, MemberCode self, const cs::Verifier* verifier)
    : ledger_(ledger),
      origin_(std::move(origin)),
      self_(std::move(self)),
      verifier_(verifier),
      codec_(verifier->epoch(), verifier->voters()) {}

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
    return rules::Refusal{"BAD_SIGNATURE",
                          absl::StrCat("the signature is not by the authority key of ",
                                       header.author.str(), "; sign the entry again"),
                          "signature"};
  }
  verified_.Insert(entry.leaf_hash());
  return std::nullopt;
}

absl::Status Intake::CheckEntries(const std::vector<EntryPtr>& entries) {
  for (const EntryPtr& entry : entries) {
    if (const auto refusal = CheckEntry(*entry)) {
      return absl::InvalidArgumentError(absl::StrCat(refusal->reason, ": ", refusal->message));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<CatchUpBlock> Intake::CheckBlock(std::string_view bytes) {
  auto parts = ParseFinalBlock(bytes, verifier_->voters().size());
  if (!parts.ok()) return parts.status();
  if (auto status = CheckEntries(parts->entries); !status.ok()) return status;
  if (parts->certificate) {
    if (auto checked = verifier_->Check(parts->certificate); !checked.ok()) return checked.status();
  }
  return CatchUpBlock{*std::move(parts)};
}

absl::StatusOr<PeerInput> Intake::CheckHello(const MemberCode& from, Hello hello) const {
  if (hello.ledger_id != ledger_) {
    return absl::InvalidArgumentError(
        absl::StrCat(from.str(), " is on another ledger, ", hello.ledger_id.hex()));
  }
  if (hello.code != from) {
    return absl::InvalidArgumentError(
        absl::StrCat("the node of ", from.str(), " calls itself ", hello.code.str()));
  }
  HelloSeen seen{hello.final_height, std::nullopt, hello.restoring};
  if (hello.newest_vote_of_yours) {
    if (verifier_->voters().at(hello.newest_vote_of_yours->voter).code != self_) {
      return absl::InvalidArgumentError("a greeting with somebody else's vote");
    }
    auto vote = verifier_->Check(*hello.newest_vote_of_yours);
    if (!vote.ok()) return vote.status();
    seen.own_vote.emplace(*std::move(vote));
  }
  return seen;
}

absl::StatusOr<PeerInput> Intake::CheckTree(const MemberCode& from, SignedTree tree) const {
  const auto position = verifier_->voters().Find(tree.voter);
  if (!position || tree.voter != from) {
    return absl::InvalidArgumentError("a checkpoint signature that is not its sender's");
  }
  const Checkpoint checkpoint{origin_, tree.tree_size, tree.root};
  if (!VerifyCheckpoint(checkpoint, verifier_->voters().at(*position).checkpoint_key,
                        tree.signature)) {
    return absl::InvalidArgumentError("a checkpoint signature that is not good");
  }
  return tree;
}

template <class T>
absl::StatusOr<PeerInput> Intake::CheckSigned(cs::Position from, T message) const {
  auto checked = verifier_->Check(std::move(message));
  if (!checked.ok()) return checked.status();
  return cs::Event(cs::Received<T>{from, *std::move(checked)});
}

absl::StatusOr<PeerInput> Intake::CheckMessage(const MemberCode& from, std::string_view bytes) {
  const auto position = verifier_->voters().Find(from);
  if (!position) return absl::InvalidArgumentError(absl::StrCat(from.str(), " is no voter"));

  auto parsed = codec_.Parse(bytes);
  if (absl::IsOutOfRange(parsed.status())) {
    std::uint64_t epoch = 0;
    if (!absl::SimpleAtoi(parsed.status().message(), &epoch)) return parsed.status();
    return cs::Event(cs::OtherEpoch{*position, Epoch(epoch)});
  }
  if (!parsed.ok()) return parsed.status();

  struct Visitor {
    Intake& self;
    const MemberCode& from;
    cs::Position position;

    absl::StatusOr<PeerInput> operator()(Hello m) { return self.CheckHello(from, std::move(m)); }
    absl::StatusOr<PeerInput> operator()(SignedTree m) { return self.CheckTree(from, m); }
    absl::StatusOr<PeerInput> operator()(WaitingEntries m) {
      if (auto status = self.CheckEntries(m.entries); !status.ok()) return status;
      return m;
    }
    absl::StatusOr<PeerInput> operator()(cs::Proposal m) {
      if (auto status = self.CheckEntries(m.block->entries); !status.ok()) return status;
      return self.CheckSigned(position, std::move(m));
    }
    absl::StatusOr<PeerInput> operator()(cs::BlockResponse m) {
      if (auto status = self.CheckEntries(m.block->entries); !status.ok()) return status;
      return self.CheckSigned(position, std::move(m));
    }
    absl::StatusOr<PeerInput> operator()(cs::Vote m) { return self.CheckSigned(position, m); }
    absl::StatusOr<PeerInput> operator()(cs::CertificateMessage m) {
      return self.CheckSigned(position, std::move(m));
    }
    absl::StatusOr<PeerInput> operator()(cs::RestoreResponse m) {
      const auto asker = self.verifier_->voters().Find(self.self_);
      if (!asker || !self.awaits_restore_) {
        return absl::InvalidArgumentError("an answer that was not asked for");
      }
      auto checked = self.verifier_->Check(std::move(m), *asker);
      if (!checked.ok()) return checked.status();
      return cs::Event(cs::Received<cs::RestoreResponse>{position, *std::move(checked)});
    }
    absl::StatusOr<PeerInput> operator()(cs::CertificateRequest m) {
      return cs::Event(cs::RequestReceived{position, m});
    }
    absl::StatusOr<PeerInput> operator()(cs::BlockRequest m) {
      return cs::Event(cs::RequestReceived{position, m});
    }
    absl::StatusOr<PeerInput> operator()(cs::RestoreRequest m) {
      return cs::Event(cs::RequestReceived{position, m});
    }
  };
  return std::visit(Visitor{*this, from, *position}, *std::move(parsed));
}

}  // namespace assent::replica
