#include "node/consensus/core.h"

#include <utility>

#include "ledger/check.h"
#include "node/consensus/core_state.h"

namespace assent::consensus {

Core::Core(Config config) : state_(std::make_unique<State>(std::move(config))) {
  if (Observer* observer = state_->config().observer) observer->Made(state_->config());
}
Core::~Core() = default;

absl::Status Core::Recover(const std::vector<JournalRecord>& records) {
  return state_->Recover(records);
}
Effects Core::Step(const Now& now, Event event) {
  Observer* const observer = state_->config().observer;
  if (observer != nullptr) observer->Took(event);
  Effects effects = state_->Step(now, std::move(event));
  if (observer != nullptr) observer->Did(effects);
  return effects;
}
void Core::SetPace(Duration heartbeat, Duration max_clock_skew) {
  state_->SetPace(heartbeat, max_clock_skew);
}
std::optional<Vote> Core::NewestVoteOf(Position voter) const {
  return state_->book().NewestOf(voter);
}
Epoch Core::epoch() const { return state_->config().epoch; }
View Core::view() const { return state_->view(); }
const FinalTip& Core::final_tip() const { return state_->tree().root(); }
bool Core::over() const { return state_->over(); }
std::optional<Core::Notarized> Core::highest_notarized() const {
  return state_->HighestNotarized();
}
View Core::finalize_voted_beyond(const Hash& block, View view) const {
  return state_->FinalizeVotedBeyond(block, view);
}
bool Core::restoring() const { return state_->restoring(); }
View Core::votes_from() const { return state_->votes_from(); }
bool Core::has_work() const { return state_->has_work(); }

Core::State::State(Config config)
    : config_(std::move(config)),
      tree_(config_.epoch, config_.base),
      book_(&config_.voters, config_.self, tree_.root_view()),
      fetcher_(config_.timing.fetch_first, config_.timing.fetch_max, config_.self),
      view_(tree_.root_view().next()),
      restoring_(config_.restoring && config_.self.has_value()),
      votes_from_(1),
      proposes_from_(1) {
  // Only our own code makes a Config.
  ASSENT_CHECK(config_.self.has_value() == (config_.key != nullptr));
  if (config_.base.certificate != nullptr &&
      config_.base.certificate->statement.epoch == config_.epoch) {
    book_.AddCertificate(config_.base.certificate);
  }
}

Effects Core::State::Step(const Now& now, Event event) {
  now_ = now;
  if (now_.mono < last_now_) now_.mono = last_now_;
  last_now_ = now_.mono;
  out_ = Effects();
  if (over()) return {};
  StartClocks();
  std::visit([this](const auto& e) { Take(e); }, event);
  Settle();
  return std::exchange(out_, Effects());
}

void Core::State::Settle() {
  bool changed = true;
  while (changed && !over()) {
    changed = EnterViews();
    UpdateWork();
    changed = MakeFinal() || changed;
    if (over()) break;
    changed = VoteNotarize() || changed;
    changed = VoteFinalize() || changed;
    changed = VoteSkip() || changed;
    if (changed) continue;
    BoundBlocks();
    changed = AskValidation();
  }
  for (Evidence& evidence : book_.TakeEvidence()) out_.evidence.push_back(std::move(evidence));
  if (!book_.broken().empty()) out_.broken = book_.broken();
  if (over()) return;
  Propose();
  FetchMissing();
  AskCertificates();
  AskRestore();
  Standstill();
  SetDeadline();
}

void Core::State::SendTo(std::optional<Position> to, Message message) {
  if (to && to == config_.self) return;
  out_.send.push_back({to, std::move(message)});
}

}  // namespace assent::consensus
