#include "ledger/receipt/epoch_walk.h"

#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "ledger/crypto/hash.h"
#include "ledger/limits.h"
#include "ledger/receipt/header_chain.h"
#include "ledger/receipt/restart_act.h"
#include "ledger/rules/rules.h"

namespace assent {
namespace {

using google::protobuf::RepeatedPtrField;

absl::StatusOr<VoterSet> ReadVoters(const RepeatedPtrField<v1::VoterInfo>& infos) {
  std::vector<Voter> voters;
  for (const v1::VoterInfo& info : infos) {
    const auto code = MemberCode::From(info.code());
    const auto vote = PublicKey::From(info.vote_key());
    const auto checkpoint = PublicKey::From(info.checkpoint_key());
    const auto transport = PublicKey::From(info.transport_key());
    if (!code || !vote || !checkpoint || !transport) {
      return absl::InvalidArgumentError("a voter has no code or a key that is not 32 bytes");
    }
    voters.push_back({*code, *vote, *checkpoint, *transport});
  }
  return VoterSet::Make(std::move(voters));
}

// True when the present epoch began on this block.
bool BeganOn(const EpochVoters& now, const NamedHeader& block, const FoundingAct& act) {
  if (now.epoch != Epoch(1)) return block.hash == now.begun_on;
  return block.header.height == Height(0) &&
         block.hash == BlockHash(EncodeBlockHeader(rules::MakeGenesis(act).header));
}

// An act names the block on which the present epoch began, or one of the present epoch.
absl::StatusOr<EpochVoters> RestartedAt(const EpochVoters& now, const v1::EpochChange& change,
                                        const FoundingAct& act) {
  if (!change.header().empty() || !change.tail().empty() || !change.certificate().empty()) {
    return absl::InvalidArgumentError("it names both a closing block and an act");
  }
  const auto restart = CheckRestart(change.restart(), act.ledger_id);
  if (!restart.ok()) return restart.status();
  const NamedHeader& block = restart->block;
  if (restart->epoch <= now.epoch) {
    return absl::InvalidArgumentError("the act begins an epoch that is over");
  }
  if (BeganOn(now, block, act)) {
    if (!change.restart().certificate().empty()) {
      return absl::InvalidArgumentError("the act brings a certificate where none is needed");
    }
  } else {
    if (block.header.epoch != now.epoch || block.header.height <= now.closed) {
      return absl::InvalidArgumentError("the act names a block that is not of this epoch");
    }
    const auto shown = CheckRestartCertificate(change.restart(), *restart, now.voters);
    if (!shown.ok()) return shown;
  }
  auto voters = ReadVoters(change.voters());
  if (!voters.ok()) return voters.status();
  if (voters->hash() != block.header.voters_hash) {
    return absl::InvalidArgumentError("the voters are not those that the act's block names");
  }
  return EpochVoters{restart->epoch, *std::move(voters), block.header.height, block.hash,
                     RestartedEpoch{restart->epoch, block.header.height, restart->signers.size(),
                                    restart->members.size()}};
}

absl::StatusOr<EpochVoters> NextEpoch(const EpochVoters& now, const v1::EpochChange& change,
                                      const FoundingAct& act) {
  if (change.has_restart()) return RestartedAt(now, change, act);
  const auto closing = ReadHeader(change.header(), act.ledger_id);
  if (!closing.ok()) return closing.status();
  if (closing->header.kind != BlockKind::kClosing || closing->header.epoch != now.epoch) {
    return absl::InvalidArgumentError("the header is not that of the epoch's closing block");
  }
  if (closing->header.height <= now.closed) {
    return absl::InvalidArgumentError("the epoch ends before it begins");
  }
  const auto last = LastOfChain(*closing, {change.tail().begin(), change.tail().end()});
  if (!last.ok()) return last.status();
  const auto certificate = CheckFinal(*last, change.certificate(), now.voters);
  if (!certificate.ok()) return certificate.status();
  auto voters = ReadVoters(change.voters());
  if (!voters.ok()) return voters.status();
  if (voters->hash() != closing->header.voters_hash) {
    return absl::InvalidArgumentError("the voters are not those that the closing block names");
  }
  return EpochVoters{now.epoch.next(), *std::move(voters), closing->header.height, closing->hash,
                     now.restarted};
}

// Calls `visit` with each epoch that a change begins, and returns the last.
absl::StatusOr<EpochVoters> Walk(const RepeatedPtrField<v1::EpochChange>& changes,
                                 const FoundingAct& act,
                                 absl::FunctionRef<void(const EpochVoters&)> visit) {
  EpochVoters now;
  now.voters = act.voters();
  for (const v1::EpochChange& change : changes) {
    auto next = NextEpoch(now, change, act);
    if (!next.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("end of epoch ", now.epoch.value(), ": ", next.status().message()));
    }
    now = *std::move(next);
    visit(now);
  }
  return now;
}

}  // namespace

absl::StatusOr<EpochVoters> WalkEpochs(const RepeatedPtrField<v1::EpochChange>& changes,
                                       const FoundingAct& act) {
  return Walk(changes, act, [](const EpochVoters&) {});
}

absl::StatusOr<std::vector<VoterSet>> VotersOfEpochs(
    const RepeatedPtrField<v1::EpochChange>& changes, const FoundingAct& act) {
  std::vector<VoterSet> voters{act.voters()};
  const auto last =
      Walk(changes, act, [&](const EpochVoters& begun) { voters.push_back(begun.voters); });
  if (!last.ok()) return last.status();
  return voters;
}

}  // namespace assent
