#include "tests/simulation/simulation.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/simulation/stage.h"

namespace assent::simulation {
namespace {

// The most that it may take, after the storm, until everything is final everywhere.
constexpr Duration kCalmMax = Seconds(300);
// Then nothing is to be done: so many heartbeats are watched.
constexpr std::int64_t kQuietHeartbeats = 3;

consensus::Timing ShortTiming() {
  consensus::Timing timing;
  timing.view_timeout = Milliseconds(1'000);
  timing.view_timeout_max = Seconds(15);
  timing.standstill = Seconds(3);
  timing.heartbeat = Seconds(20);
  timing.max_clock_skew = Seconds(4);
  timing.fetch_max = Seconds(2);
  return timing;
}

class Storm {
 public:
  explicit Storm(const RunOptions& options);
  RunResult Run();

 private:
  std::set<NodeId> ChooseAttackers();
  void SubmitOne();
  void SubmitAgain();
  void ChangeWeather();
  void CrashSomebody();
  void Crash(NodeId id);
  void Divide();
  void Repeat(Duration low, Duration high, std::function<void()> action);
  void Calm();
  void WatchQuiet();
  bool EverythingFinal() const;
  void RunWorld(std::int64_t until_us, const std::function<bool()>& stop);
  void Explain();

  const RunOptions options_;
  Random random_;
  World world_;
  std::vector<Attack> attacks_;
  std::set<NodeId> honest_;
  std::unique_ptr<Checker> checker_;
  std::unique_ptr<Network> network_;
  std::unique_ptr<Stage> stage_;
  std::vector<SimNode*> nodes_;
  std::vector<consensus::EntryPtr> submitted_;
  std::set<NodeId> wiped_;
  std::size_t wipes_left_ = 0;
  bool storm_ = true;
  RunResult result_;
};

Storm::Storm(const RunOptions& options)
    : options_(options),
      random_(options.seed),
      attacks_(options.nodes, Attack::kNone),
      network_(std::make_unique<Network>(&world_, random_.Split(), options.nodes)),
      stage_(options.replica ? MakeReplicaStage(options.nodes, ShortTiming())
                             : MakeToyStage(options.nodes)) {
  world_.set_verbose(options.verbose);
  for (const NodeId id : ChooseAttackers()) {
    attacks_[id] = static_cast<Attack>(random_.Between(1, kAttacks - 1));
  }
  std::vector<PublicKey> vote_keys;
  for (NodeId i = 0; i < options.nodes; ++i) {
    vote_keys.push_back(stage_->vote_key(i).public_key());
    if (attacks_[i] == Attack::kNone) honest_.insert(i);
  }
  result_.attackers = options.nodes - honest_.size();
  wipes_left_ = FaultsOf(options.nodes) - result_.attackers;
  checker_ = std::make_unique<Checker>(stage_->ledger(), vote_keys, honest_);
  network_->on_link = [this](NodeId from, NodeId to, bool up) { nodes_[from]->Link(to, up); };
  const Setting setting{&world_, network_.get(), checker_.get(), ShortTiming()};
  for (NodeId i = 0; i < options.nodes; ++i) {
    nodes_.push_back(stage_->MakeNode(setting, attacks_[i], random_.Split()));
  }
}

std::set<NodeId> Storm::ChooseAttackers() {
  std::set<NodeId> attackers;
  const std::size_t count = random_.Below(FaultsOf(options_.nodes) + 1);
  while (attackers.size() < count) attackers.insert(random_.Below(options_.nodes));
  return attackers;
}

// Does something again and again while the storm lasts.
void Storm::Repeat(Duration low, Duration high, std::function<void()> action) {
  world_.After(Duration{random_.Between(low.us, high.us)}, [this, low, high, action] {
    if (!storm_) return;
    action();
    Repeat(low, high, action);
  });
}

void Storm::SubmitOne() {
  submitted_.push_back(stage_->MakeEntry(random_.Below(options_.nodes)));
  nodes_[random_.Below(options_.nodes)]->Submit(submitted_.back());
}

// A client whose entries are not final hands them in again, in their order, to a node that is not
// hostile.
void Storm::SubmitAgain() {
  const auto node =
      std::next(honest_.begin(), static_cast<std::ptrdiff_t>(random_.Below(honest_.size())));
  for (const consensus::EntryPtr& entry : submitted_) {
    if (!checker_->Final(entry->leaf_hash())) nodes_[*node]->Submit(entry);
  }
}

void Storm::ChangeWeather() {
  Weather weather;
  if (!random_.Chance(300)) {
    weather.loss_permille = static_cast<int>(random_.Between(0, 300));
    weather.repeat_permille = static_cast<int>(random_.Between(0, 150));
    weather.delay_max = Milliseconds(random_.Between(20, 2'500));
  }
  network_->set_weather(weather);
}

void Storm::CrashSomebody() {
  const NodeId id = random_.Below(options_.nodes);
  if (!nodes_[id]->up()) return;
  if (random_.Chance(700)) {
    nodes_[id]->AtNextWrite([this, id] { Crash(id); });
  } else {
    Crash(id);
  }
}

void Storm::Crash(NodeId id) {
  nodes_[id]->Crash();
  ++result_.crashes;
  if (wipes_left_ > 0 && attacks_[id] == Attack::kNone && random_.Chance(100)) {
    --wipes_left_;
    ++result_.wipes;
    nodes_[id]->Wipe();
  }
  const Duration down =
      Milliseconds(random_.Chance(500) ? random_.Between(10, 500) : random_.Between(500, 15'000));
  world_.After(down, [this, id] {
    if (!nodes_[id]->up()) nodes_[id]->Start();
  });
}

void Storm::Divide() {
  std::set<NodeId> side;
  if (random_.Chance(600)) {
    for (NodeId i = 0; i < options_.nodes; ++i) {
      if (random_.Chance(500)) side.insert(i);
    }
  }
  network_->Divide(std::move(side));
}

void Storm::RunWorld(std::int64_t until_us, const std::function<bool()>& stop) {
  if (!world_.Run(until_us, stop)) checker_->Fail("progress: a node wakes itself for ever");
}

RunResult Storm::Run() {
  for (SimNode* node : nodes_) node->Start();
  Repeat(Milliseconds(10), Milliseconds(1'500), [this] { SubmitOne(); });
  Repeat(Seconds(1), Seconds(15), [this] { ChangeWeather(); });
  if (random_.Chance(800)) Repeat(Milliseconds(200), Seconds(10), [this] { CrashSomebody(); });
  if (random_.Chance(700)) Repeat(Seconds(1), Seconds(20), [this] { Divide(); });
  const std::int64_t storm_us = Seconds(random_.Between(20, 90)).us;
  const auto failed = [this] { return checker_->failure().has_value(); };
  RunWorld(storm_us, failed);
  storm_ = false;
  if (!failed()) Calm();
  if (!failed()) WatchQuiet();
  if (failed()) Explain();
  result_.transcript = world_.transcript();
  result_.height = checker_->height();
  result_.votes = checker_->votes();
  return result_;
}

void Storm::Calm() {
  world_.Note("calm", options_.nodes);
  const std::int64_t begin = world_.now_us();
  Weather weather;
  if (random_.Chance(500)) weather.loss_permille = 10;
  network_->set_weather(weather);
  network_->Divide({});
  for (SimNode* node : nodes_) {
    if (!node->up()) node->Start();
  }
  SubmitAgain();
  const auto done = [this] { return checker_->failure() || EverythingFinal(); };
  // A restarted node forgets what waits: clients ask again from time to time.
  while (!done() && world_.now_us() < begin + kCalmMax.us) {
    RunWorld(std::min(world_.now_us() + Seconds(20).us, begin + kCalmMax.us), done);
    if (!done()) SubmitAgain();
  }
  result_.calm_us = world_.now_us() - begin;
  if (!done()) {
    checker_->Fail(absl::StrCat("progress: not everything is final ", kCalmMax.us / 1'000'000,
                                " s after the storm"));
  }
}

// An idle ledger makes heartbeats and little else.
void Storm::WatchQuiet() {
  const std::uint64_t before = checker_->height();
  const std::uint64_t votes_before = checker_->votes();
  const auto failed = [this] { return checker_->failure().has_value(); };
  const std::int64_t span = kQuietHeartbeats * ShortTiming().heartbeat.us;
  RunWorld(world_.now_us() + span + Seconds(30).us, failed);
  const std::uint64_t made = checker_->height() - before;
  if (made < 2 || made > 2 * kQuietHeartbeats + 2) {
    checker_->Fail(absl::StrCat("quiet: an idle ledger made ", made, " blocks in ",
                                kQuietHeartbeats, " heartbeats and half a minute"));
  }
  // Each node casts two for a block; a lost one costs a view or two.
  const std::uint64_t votes = checker_->votes() - votes_before;
  if (votes > 4 * options_.nodes * (made + 2)) {
    checker_->Fail(
        absl::StrCat("quiet: an idle ledger made ", made, " blocks with ", votes, " votes"));
  }
}

bool Storm::EverythingFinal() const {
  for (const NodeId id : honest_) {
    if (checker_->HeightOf(id) != checker_->height() || nodes_[id]->restoring()) return false;
  }
  return std::ranges::all_of(submitted_, [this](const consensus::EntryPtr& entry) {
    return checker_->Final(entry->leaf_hash());
  });
}

void Storm::Explain() {
  std::string text = absl::StrCat(*checker_->failure(), "\n  at ", world_.now_us() / 1'000,
                                  " ms of the run, height ", checker_->height());
  for (SimNode* node : nodes_) absl::StrAppend(&text, "\n  ", node->Describe());
  result_.failure = std::move(text);
}

}  // namespace

RunResult Run(const RunOptions& options) {
  Storm storm(options);
  return storm.Run();
}

}  // namespace assent::simulation
