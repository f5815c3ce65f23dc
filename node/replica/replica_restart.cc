// An act of the members starts an epoch at a block that it names: docs/protocol.md, "When more than
// f have lost their journals".
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/rules/rules.h"
#include "node/replica/replica.h"

namespace assent::replica {

namespace cs = consensus;

namespace {

std::string NameOf(const BlockHeader& header, const Hash& hash) {
  return absl::StrCat("block ", header.height.value(), " (epoch ", header.epoch.value(), ", view ",
                      header.view.value(), ", ", hash.hex(), ")");
}

absl::Status Refused(std::string_view why) {
  return absl::FailedPreconditionError(absl::StrCat("the act is refused: ", AbslView(why)));
}

}  // namespace

// The members sign what the act names, not how it shows that: whoever passes it on could leave that
// out, and proofs across it would be good for nothing.
absl::Status Replica::CheckShown(const GivenRestart& restart) const {
  const BlockHeader& named = restart.header;
  const bool is_tip = restart.hash == tip_->hash;
  if (!is_tip && named.epoch != core_->epoch()) {
    return Refused(named.epoch < core_->epoch()
                       ? "it names a block of an epoch that is over at this node"
                       : "it names a block of an epoch that this node has yet to come to: give it "
                         "again when it has");
  }
  // Where an epoch began by a block that was final, that block needs nothing.
  bool begins = is_tip && named.height == Height(0);
  if (is_tip && named.kind == BlockKind::kClosing) {
    const auto stored = committed_.view().BlockAt(named.height);
    if (!stored.ok()) return stored.status();
    begins = !stored->certificate.empty();
  }
  if (begins) {
    if (!HasCertificate(restart)) return absl::OkStatus();
    return Refused("it brings a certificate where none is needed");
  }
  const auto shown =
      CheckNotarized(restart, named.epoch == core_->epoch()
                                  ? voters()
                                  : rules::EpochsUpTo(committed_, named.epoch).back().voters);
  return shown.ok() ? shown : Refused(StdView(shown.message()));
}

absl::Status Replica::CheckMayRestart(const GivenRestart& restart) const {
  const BlockHeader& named = restart.header;
  if (restart.epoch <= core_->epoch()) {
    return Refused(absl::StrCat("it begins epoch ", restart.epoch.value(),
                                ", and this node is in epoch ", core_->epoch().value()));
  }
  if (next_restart_ && next_restart_->epoch >= restart.epoch) {
    return Refused(absl::StrCat("this node holds one that begins epoch ",
                                next_restart_->epoch.value(), " at block ",
                                next_restart_->height.value(), " (", next_restart_->hash.hex(),
                                "): members have signed two"));
  }
  const BlockHeader& tip = tip_->header;
  if (named.height < tip.height || (named.height == tip.height && restart.hash != tip_->hash)) {
    return Refused(absl::StrCat("it names block ", named.height.value(), ", and ",
                                NameOf(tip, tip_->hash),
                                " is final at this node: the members must name that one, or one "
                                "after it"));
  }
  if (auto shown = CheckShown(restart); !shown.ok()) return shown;
  const View view = named.epoch == core_->epoch() ? named.view : View(0);
  if (const View voted = core_->finalize_voted_beyond(restart.hash, view); voted > View(0)) {
    return Refused(absl::StrCat(
        "this node has voted to finalize a block of view ", voted.value(),
        ", above the one that it names, which may be final: the members must name the block that "
        "`assent restart new` gives for this node"));
  }
  return absl::OkStatus();
}

// Of an epoch that goes on already it is not needed: whoever restores there finds enough others.
void Replica::TakeWord(RestartRecord& restart) {
  if (restart.never_voted) return;
  if (restart.epoch == core_->epoch()) {
    if (!core_->restoring() || restart.hash != tip_->hash) return;
    reenter_ = true;
  }
  RestartRecord told = restart;
  told.never_voted = true;
  batch_.restarts.push_back(told);
  if (restart.epoch > core_->epoch()) restart = told;
}

void Replica::On(RestartGiven input) {
  const GivenRestart& restart = *input.restart;
  for (auto* held : {&restarted_by_, &next_restart_}) {
    if (!*held || (*held)->epoch != restart.epoch || (*held)->hash != restart.hash) continue;
    // The same again; the operator's word may be new.
    if (input.never_voted) TakeWord(**held);
    restarts_told_.emplace_back(restart.epoch, std::move(input.done));
    return;
  }
  if (auto status = CheckMayRestart(restart); !status.ok()) {
    log_->Write(LogLevel::kWarning, "act refused",
                {{"epoch", restart.epoch}, {"why", StdView(status.message())}});
    return input.done(status);
  }
  TakeRestart(input.restart, input.never_voted);
  restarts_told_.emplace_back(restart.epoch, std::move(input.done));
}

void Replica::OnPeer(const MemberCode& from, const RestartPtr& restart) {
  if (next_restart_ && next_restart_->epoch == restart->epoch &&
      next_restart_->hash == restart->hash) {
    return;
  }
  // Whoever is behind has its blocks first; the peer tells of the act again when this node enters
  // an epoch.
  if (restart->header.epoch > core_->epoch()) return AdvanceCatchUp(from);
  if (auto status = CheckMayRestart(*restart); !status.ok()) {
    log_->Write(LogLevel::kWarning, "act refused",
                {{"epoch", restart->epoch}, {"peer", from}, {"why", StdView(status.message())}});
    return;
  }
  TakeRestart(restart, false);
  AdvanceCatchUp(from);
}

void Replica::TakeRestart(const RestartPtr& restart, bool never_voted) {
  next_restart_ = RestartRecord{restart->header.height, restart->hash, restart->epoch, never_voted,
                                restart->bytes};
  batch_.restarts.push_back(*next_restart_);
  log_->Write(LogLevel::kWarning, "act of the members",
              {{"epoch", restart->epoch},
               {"at_height", restart->header.height},
               {"at_block", restart->hash},
               {"signed_by", restart->signers},
               {"of_members", restart->members}});
  EndEpochByAct();
}

void Replica::EndEpochByAct() {
  if (!next_restart_ || core_->over()) return;
  catch_up_.EndAt(next_restart_->hash);
  // An act on a block of a later epoch says nothing of this one.
  const bool ours =
      next_restart_->hash == tip_->hash || NamesBlockOf(*next_restart_, core_->epoch());
  if (ours) Step(cs::EndAt{next_restart_->hash});
}

void Replica::On(RestartDraftAsked input) { input.done(DraftOfRestart()); }

absl::StatusOr<std::string> Replica::DraftOfRestart() const {
  Epoch epoch = (next_restart_ ? next_restart_->epoch : core_->epoch()).next();
  if (const auto notarized = core_->highest_notarized()) {
    // The epoch that follows a closing block by itself is begun by no act.
    epoch = std::max(epoch, EpochAfter(notarized->block->header).next());
    const auto executed = executed_.find(notarized->block->hash);
    if (executed == executed_.end()) {
      return absl::UnavailableError("the newest block is being looked at: try again");
    }
    return DraftRestart(epoch, notarized->block->header_bytes,
                        EncodeCertificate(*notarized->certificate, voters().size()),
                        executor_.MembersAfter(*executed->second));
  }
  const auto stored = committed_.view().BlockAt(tip_->header.height);
  if (!stored.ok()) return stored.status();
  // The certificate of a closing block can be that of a TAIL block; nobody asks for it again.
  std::string certificate;
  if (restarted_by_) {
    certificate = CertificateOf(*restarted_by_);
  } else if (tip_->header.kind == BlockKind::kNormal) {
    certificate = stored->certificate;
  }
  return DraftRestart(epoch, tip_->header_bytes, certificate, executor_.MembersAfter(*tip_));
}

}  // namespace assent::replica
