// Epochs: the core of each, and what the ledger says of voters, peers and pace.
#include <optional>
#include <utility>
#include <vector>

#include "ledger/crypto/hash.h"
#include "ledger/limits.h"
#include "ledger/rules/read.h"
#include "ledger/rules/rules.h"
#include "node/replica/replica.h"

namespace assent::replica {

namespace cs = consensus;

absl::Status Replica::MakeCore() {
  auto restart = RestartOnTip(committed_.view());
  if (!restart.ok()) return restart.status();
  const Epoch epoch = *restart ? (*restart)->epoch : EpochAfter(tip_->header);
  std::vector<rules::EpochView> epochs = rules::EpochsUpTo(committed_, EpochAfter(tip_->header));
  // The state says it from the epoch's first block on.
  if (*restart) epochs.push_back({epoch, tip_->header.height, rules::VotersOf(committed_)});
  restarted_by_ = *std::move(restart);
  const rules::EpochView& now = epochs.back();
  std::optional<VoterSet> before;
  if (epochs.size() > 1) before = epochs[epochs.size() - 2].voters;
  epoch_ = std::make_shared<EpochContext>(config_.ledger, epoch, now.voters, std::move(before),
                                          now.begun_by);
  position_ = config_.self.empty() ? std::nullopt : voters().Find(config_.self);
  if (position_ && voters().at(*position_).vote_key != config_.vote_key->public_key()) {
    position_.reset();
  }

  cs::Config config;
  config.ledger = config_.ledger;
  config.epoch = epoch;
  config.voters = voters();
  config.self = position_;
  config.key = position_ ? config_.vote_key : nullptr;
  config.base = {tip_->header, tip_->hash, nullptr};
  const auto stored = committed_.view().BlockAt(tip_->header.height);
  if (!stored.ok()) return stored.status();
  if (!stored->certificate.empty() && tip_->header.epoch == epoch) {
    auto certificate = ParseCertificate(stored->certificate, voters().size());
    if (!certificate.ok()) return certificate.status();
    config.base.certificate = std::make_shared<const Certificate>(*std::move(certificate));
  }
  // Votes may be forgotten of any epoch, also of one that is entered only now.
  config.restoring = store_->restoring() || voted_in_ >= epoch;
  if (restarted_by_ && restarted_by_->never_voted) config.restoring = voted_in_ >= epoch;
  intake_->AwaitRestoreResponses(config.restoring);
  config.nonce = config_.nonce;
  config.timing = config_.timing;
  config.observer = config_.observer;
  core_ = std::make_unique<cs::Core>(std::move(config));
  if (restarted_by_ && std::exchange(restarted_by_->never_voted, false)) {
    // From here on its own journal says what it has voted.
    batch_.restarts.push_back(*restarted_by_);
    batch_.restoring = core_->restoring();
  }
  TakePace();
  auto book = std::make_unique<CheckpointBook>(
      config_.origin, voters(), position_ ? config_.self : MemberCode(),
      position_ ? config_.checkpoint_key : nullptr, committed_.view().PublicCheckpoint());
  closed_checkpoints_ = std::exchange(checkpoints_, std::move(book));
  intake_->Enter(epoch_);
  return absl::OkStatus();
}

void Replica::EnterEpoch() {
  reenter_ = false;
  if (auto status = MakeCore(); !status.ok()) return Fail(std::move(status));
  // What was under way in the epoch before is nothing now.
  std::erase_if(executed_, [this](const auto& item) { return item.first != tip_->hash; });
  refused_under_way_ = false;
  work_arrived_ = true;
  {
    const std::lock_guard lock(status_mutex_);
    vitals_.clock_offsets.clear();
  }
  log_->Write(LogLevel::kInfo, "epoch",
              {{"epoch", core_->epoch()},
               {"height", tip_->header.height},
               {"voters", voters().size()},
               {"votes", position_ ? "yes" : "no"}});
  for (const MemberCode& peer : connected_) {
    Greet(peer);
    if (const auto position = voters().Find(peer)) Step(cs::PeerUp{*position});
  }
  if (next_restart_ && next_restart_->epoch <= core_->epoch()) next_restart_.reset();
  Step(cs::Tick{});
  EndEpochByAct();
  AdvanceCatchUp();
}

void Replica::TellMembers() {
  auto keys = std::make_shared<KeyDirectory::Keys>();
  for (const MemberIdentity& member : rules::MembersOf(committed_)) {
    keys->emplace(std::pair(member.code, KeyIdOf(member.authority_key)), member.authority_key);
  }
  intake_->keys().Set(std::move(keys));
  listener_->OnMembersChanged();
}

void Replica::TakePace() {
  const rules::LedgerParameters parameters = rules::ParametersOf(committed_);
  core_->SetPace(parameters.heartbeat, parameters.max_clock_skew);
  max_clock_skew_ = parameters.max_clock_skew;
}

// Whoever enters an epoch has its beginning on disk before it votes: a vote of mine in an epoch
// that I do not know of shows that an old copy was brought back, as one does in this epoch (Core,
// "Restoring").
void Replica::TakeLaterVote(const SignedStatement& vote) {
  const Epoch epoch = vote.statement.epoch;
  if (epoch <= core_->epoch() || epoch <= voted_in_ || config_.vote_key == nullptr) return;
  if (!VerifyStatement(vote.statement, config_.ledger, config_.vote_key->public_key(),
                       vote.signature)) {
    return;
  }
  voted_in_ = epoch;
  batch_.restoring = true;
  log_->Write(LogLevel::kInfo, "restoring", {{"voted_in_epoch", epoch}});
}

void Replica::OnPeer(const MemberCode& from, const OtherEpochSeen& seen) {
  const std::int64_t now_us = clock_->MonotonicUs();
  const auto [last, first] = other_epoch_us_.try_emplace(from, now_us);
  if (!first && now_us < last->second + kOtherEpochUs) return;
  last->second = now_us;
  // Who is behind learns from the greeting how far this node is, and asks for blocks.
  if (seen.epoch < core_->epoch()) return Greet(from);
  AdvanceCatchUp(from);
}

}  // namespace assent::replica
