#include "tests/simulation/simulation.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/simulation/stage.h"

namespace assent::simulation {
namespace {

// The most that it may take, after the storm, until everything is final everywhere.
constexpr Duration kCalmMax = Seconds(300);
// How often clients hand in again what is not final.
constexpr Duration kInsist = Seconds(5);
// Then nothing is to be done: so many heartbeats are watched.
constexpr std::int64_t kQuietHeartbeats = 3;
// A clock is wrong by so much, at most.
constexpr Duration kSkewMax = Seconds(60);
// Of the runs without attackers.
constexpr int kLossesPermille = 400;

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
  std::vector<const AttackerKind*> ChooseAttackers(std::size_t members);
  void MakeNodes(const std::vector<const AttackerKind*>& attackers);
  void Brew();
  void ChangeWeather(Random& random);
  void SlowLinks(Random& random);
  void BlockLinks(Random& random);
  void Divide(Random& random);
  void CrashSomebody(Random& random);
  void Crash(Random& random, NodeId id);
  bool MayWipe(NodeId id);
  void RotSomething(Random& random);
  void BreakDisk(Random& random);
  void PauseSomebody(Random& random);
  void SetClock(Random& random);
  // Does something again and again while the storm lasts; in some runs only, if it is a fault, and
  // not when that is left out.
  void Repeat(std::string_view fault, int permille, Duration low, Duration high,
              void (Storm::*action)(Random&));
  void Again(Duration low, Duration high, const std::shared_ptr<Random>& random,
             const std::function<void(Random&)>& action);
  bool On(std::string_view fault) const { return !options_.off.contains(fault); }
  // Names what goes wrong next; false: it is left out.
  bool Injects(std::string_view fault);
  void Calm();
  void WatchQuiet();
  bool IsBehind(NodeId id) const;
  bool EverythingFinal();
  void CountTraffic();
  void RunWorld(std::int64_t until_us, const std::function<bool()>& stop);
  void Explain();

  RunOptions options_;
  Random random_;
  World world_;
  std::unique_ptr<Checker> checker_;
  std::unique_ptr<Network> network_;
  std::unique_ptr<Trace> trace_;
  std::unique_ptr<Stage> stage_;
  std::vector<SimNode*> nodes_;
  std::size_t wipes_left_ = 0;
  bool losses_ = false;  // more disks are lost than the ledger bears
  bool mild_ = false;    // the net is bad, but much gets done
  bool storm_ = true;
  NodeId behind_ = 0;  // the honest node that was last found behind the others
  std::map<std::string_view, std::uint64_t> injected_;  // of each kind, left out or not
  RunResult result_;
};

Storm::Storm(const RunOptions& options)
    : options_(options),
      random_(options.seed),
      stage_(options.replica ? MakeReplicaStage(options.nodes, ShortTiming())
                             : MakeToyStage(options.nodes)) {
  world_.set_verbose(options.verbose);
  MakeNodes(ChooseAttackers(stage_->members()));
}

// Up to f of those that vote from the start.
std::vector<const AttackerKind*> Storm::ChooseAttackers(std::size_t members) {
  std::vector<const AttackerKind*> kinds(members, nullptr);
  Random random = random_.Split();
  std::size_t count = random.Below(FaultsOf(options_.nodes) + 1);
  if (options_.attackers) count = *options_.attackers;
  if (!On("attackers")) count = 0;
  wipes_left_ = On("wipe") ? FaultsOf(options_.nodes) - count : 0;
  // A source of its own, so that runs without it are what they are without the fault.
  if (count == 0 && options_.replica && On("losses") && FaultsOf(options_.nodes) > 0 &&
      Random(~options_.seed).Chance(kLossesPermille)) {
    losses_ = true;
    wipes_left_ = 0;
    // Nobody would be left to make that final.
    options_.off.emplace("suspend");
  }
  while (count > 0) {
    const NodeId id = random.Below(options_.nodes);
    const AttackerKind& kind = AttackerKinds()[random.Below(AttackerKinds().size())];
    if (kinds[id] != nullptr || (kind.replicas_only && !options_.replica)) continue;
    kinds[id] = &kind;
    --count;
    result_.attackers.emplace_back(kind.name);
  }
  return kinds;
}

void Storm::MakeNodes(const std::vector<const AttackerKind*>& attackers) {
  std::set<NodeId> honest;
  std::vector<NodeId> twins;
  for (NodeId i = 0; i < attackers.size(); ++i) {
    if (attackers[i] == nullptr) honest.insert(i);
    if (attackers[i] != nullptr && attackers[i]->twin) twins.push_back(i);
  }
  // As many voters stay as the run began with, when more is lost than they bear.
  const std::size_t faulty_max =
      losses_ ? FaultsOf(options_.nodes) : attackers.size() - honest.size() + wipes_left_;
  network_ = std::make_unique<Network>(&world_, random_.Split(), attackers.size() + twins.size());
  if (!options_.trace.empty()) {
    const Stage* stage = stage_.get();
    trace_ = std::make_unique<Trace>(
        options_.trace, [stage](const MemberCode& member) { return stage->NodeOf(member); });
    trace_->Run(honest);
  }
  checker_ = std::make_unique<Checker>(stage_->ledger(), std::move(honest));
  network_->on_link = [this](NodeId from, NodeId to, bool up) { nodes_[from]->Link(to, up); };
  const Setting setting{&world_,      network_.get(), checker_.get(), ShortTiming(),
                        options_.off, faulty_max,     losses_,        trace_.get()};
  stage_->Begin(setting, random_.Split());
  for (NodeId i = 0; i < attackers.size(); ++i) {
    nodes_.push_back(stage_->MakeNode(setting, i, attackers[i], random_.Split()));
  }
  for (const NodeId twin : twins) {
    nodes_.push_back(stage_->MakeNode(setting, twin, attackers[twin], random_.Split()));
  }
}

// --- The storm

void Storm::Repeat(std::string_view fault, int permille, Duration low, Duration high,
                   void (Storm::*action)(Random&)) {
  const auto random = std::make_shared<Random>(random_.Split());
  if (!random->Chance(permille) || !On(fault)) return;
  // Each time has chances of its own, so that one that is left out changes none after it.
  Again(low, high, random, [this, fault, action](Random& all) {
    Random own = all.Split();
    if (Injects(fault)) (this->*action)(own);
  });
}

bool Storm::Injects(std::string_view fault) {
  std::string event = absl::StrCat(AbslView(fault), "-", ++injected_[fault]);
  if (options_.only_events && !options_.only_events->contains(event)) return false;
  world_.Note("fault", options_.nodes, event);
  result_.events.push_back(std::move(event));
  return true;
}

void Storm::Again(Duration low, Duration high, const std::shared_ptr<Random>& random,
                  const std::function<void(Random&)>& action) {
  world_.After(Duration{random->Between(low.us, high.us)}, [this, low, high, random, action] {
    if (!storm_) return;
    action(*random);
    Again(low, high, random, action);
  });
}

// Each kind of trouble has chances of its own, so that one that is left out changes no other.
void Storm::Brew() {
  mild_ = random_.Chance(500);
  const auto clients = std::make_shared<Random>(random_.Split());
  Again(Milliseconds(10), options_.replica ? Milliseconds(400) : Milliseconds(1'500), clients,
        [this](Random&) { stage_->ClientsFile(); });
  Repeat("weather", 1'000, Seconds(1), Seconds(15), &Storm::ChangeWeather);
  Repeat("crash", 800, Milliseconds(200), Seconds(10), &Storm::CrashSomebody);
  Repeat("divide", 600, Seconds(1), Seconds(20), &Storm::Divide);
  Repeat("oneway", 400, Seconds(1), Seconds(15), &Storm::BlockLinks);
  Repeat("slow", 400, Seconds(1), Seconds(15), &Storm::SlowLinks);
  Repeat("disk", 400, Seconds(1), Seconds(20), &Storm::BreakDisk);
  Repeat("wipe", 400, Seconds(1), Seconds(40), &Storm::RotSomething);
  Repeat("pause", 500, Milliseconds(500), Seconds(15), &Storm::PauseSomebody);
  Repeat("clock", 400, Seconds(1), Seconds(20), &Storm::SetClock);
}

void Storm::ChangeWeather(Random& random) {
  Weather weather;
  if (!random.Chance(300)) {
    weather.loss_permille = static_cast<int>(random.Between(0, mild_ ? 40 : 300));
    weather.repeat_permille = static_cast<int>(random.Between(0, 150));
    weather.delay_max = Milliseconds(random.Between(20, mild_ ? 200 : 2'500));
  }
  network_->set_weather(weather);
}

void Storm::SlowLinks(Random& random) {
  std::map<Network::Link, Duration> slow;
  for (NodeId a = 0; a < nodes_.size(); ++a) {
    for (NodeId b = 0; b < nodes_.size(); ++b) {
      if (random.Chance(100)) slow[{a, b}] = Milliseconds(random.Between(50, 3'000));
    }
  }
  network_->Slow(std::move(slow));
}

void Storm::BlockLinks(Random& random) {
  std::set<Network::Link> blocked;
  if (random.Chance(600)) {
    for (NodeId a = 0; a < nodes_.size(); ++a) {
      for (NodeId b = 0; b < nodes_.size(); ++b) {
        if (random.Chance(120)) blocked.insert({a, b});
      }
    }
  }
  network_->Block(std::move(blocked));
}

void Storm::Divide(Random& random) {
  std::set<NodeId> side;
  if (random.Chance(600)) {
    for (NodeId i = 0; i < nodes_.size(); ++i) {
      if (random.Chance(500)) side.insert(i);
    }
  }
  network_->Divide(std::move(side));
}

void Storm::CrashSomebody(Random& random) {
  const NodeId id = random.Below(nodes_.size());
  if (!nodes_[id]->up()) return;
  if (random.Chance(700)) {
    nodes_[id]->AtNextWrite([this, id, own = random.Split()]() mutable { Crash(own, id); });
  } else {
    Crash(random, id);
  }
}

void Storm::Crash(Random& random, NodeId id) {
  nodes_[id]->Crash();
  ++result_.crashes;
  if (random.Chance(100) && MayWipe(id)) {
    if (random.Chance(500)) {
      nodes_[id]->Wipe();
    } else {
      nodes_[id]->Rot();
    }
  }
  const Duration down =
      Milliseconds(random.Chance(500) ? random.Between(10, 500) : random.Between(500, 15'000));
  world_.After(down, [this, id] { nodes_[id]->Start(); });
}

// Counts it when it may lose its disk.
bool Storm::MayWipe(NodeId id) {
  if (wipes_left_ == 0 || !checker_->honest().contains(id)) return false;
  --wipes_left_;
  ++result_.wipes;
  return true;
}

void Storm::RotSomething(Random& random) {
  const NodeId id = random.Below(nodes_.size());
  if (MayWipe(id)) nodes_[id]->Rot();
}

void Storm::BreakDisk(Random& random) {
  const NodeId id = random.Below(nodes_.size());
  if (random.Chance(300)) {
    nodes_[id]->BreakDisk(DiskFault::kFull);
    world_.After(Milliseconds(random.Between(500, 40'000)), [this, id] { nodes_[id]->FreeDisk(); });
  } else {
    nodes_[id]->BreakDisk(random.Chance(500) ? DiskFault::kFailsUnwritten
                                             : DiskFault::kFailsWritten);
  }
}

void Storm::PauseSomebody(Random& random) {
  nodes_[random.Below(nodes_.size())]->Pause(Milliseconds(random.Between(100, 20'000)));
}

void Storm::SetClock(Random& random) {
  const Duration skew =
      Milliseconds(random.Chance(500) ? random.Between(-1'500, 1'500)
                                      : random.Between(-kSkewMax.us / 1'000, kSkewMax.us / 1'000));
  nodes_[random.Below(nodes_.size())]->SetClock(skew);
}

void Storm::RunWorld(std::int64_t until_us, const std::function<bool()>& stop) {
  if (!world_.Run(until_us, stop)) checker_->Fail("progress: a node wakes itself for ever");
}

RunResult Storm::Run() {
  for (SimNode* node : nodes_) node->Start();
  Brew();
  const std::int64_t storm_s =
      options_.replica ? random_.Between(30, 180) : random_.Between(20, 90);
  const std::int64_t storm_us =
      Seconds(std::min(storm_s, options_.storm_s_max.value_or(storm_s))).us;
  const auto failed = [this] { return checker_->failure().has_value(); };
  RunWorld(storm_us, failed);
  storm_ = false;
  if (!failed()) Calm();
  if (!failed()) WatchQuiet();
  if (!failed()) stage_->CheckEnd();
  if (trace_ && !trace_->ok()) checker_->Fail("the trace cannot be written: " + options_.trace);
  if (failed()) Explain();
  result_.transcript = world_.transcript();
  result_.height = checker_->height();
  for (NodeId id = 0; id < nodes_.size(); ++id) result_.votes += checker_->votes_of(id);
  result_.summary = stage_->Summary();
  result_.end_us = world_.now_us();
  CountTraffic();
  return result_;
}

void Storm::CountTraffic() {
  result_.machines = nodes_.size();
  for (NodeId id = 0; id < nodes_.size(); ++id) {
    const bool honest = checker_->honest().contains(id);
    if (!honest) ++result_.hostile;
    Traffic& sum = honest ? result_.of_honest : result_.of_hostile;
    sum.messages += network_->sent(id).messages;
    sum.bytes += network_->sent(id).bytes;
  }
}

void Storm::Calm() {
  world_.Note("calm", options_.nodes);
  const std::int64_t begin = world_.now_us();
  Weather weather;
  if (random_.Chance(500)) weather.loss_permille = 10;
  network_->set_weather(weather);
  network_->Slow({});
  network_->Block({});
  network_->Divide({});
  stage_->Release();
  for (SimNode* node : nodes_) {
    node->SetClock(Milliseconds(random_.Between(-1'500, 1'500)));
    node->MendDisk();
    node->Start();
  }
  stage_->ClientsInsist();
  const auto done = [this] { return checker_->failure() || EverythingFinal(); };
  // A restarted node forgets what waits: clients ask again from time to time.
  while (!done() && world_.now_us() < begin + kCalmMax.us) {
    RunWorld(std::min(world_.now_us() + kInsist.us, begin + kCalmMax.us), done);
    if (!done()) stage_->ClientsInsist();
  }
  result_.calm_us = world_.now_us() - begin;
  if (!done()) {
    checker_->Fail(absl::StrCat("progress: not everything is final ", kCalmMax.us / 1'000'000,
                                " s after the storm"));
  }
}

// An idle ledger makes heartbeats and little else.
void Storm::WatchQuiet() {
  const auto failed = [this] { return checker_->failure().has_value(); };
  // Where one voter is enough its clock dates a block, be it ahead; the next one is dated later.
  if (FaultsOf(options_.nodes) == 0) RunWorld(world_.now_us() + kSkewMax.us, failed);
  const std::uint64_t before = checker_->height();
  // Who has left without having come to the block that says so says again what it has voted, to
  // nobody.
  const auto cast = [this] {
    std::uint64_t votes = 0;
    for (NodeId id = 0; id < nodes_.size(); ++id) {
      if (nodes_[id]->belongs()) votes += checker_->votes_of(id);
    }
    return votes;
  };
  const std::uint64_t votes_before = cast();
  const std::int64_t span = kQuietHeartbeats * ShortTiming().heartbeat.us;
  RunWorld(world_.now_us() + span + Seconds(30).us, failed);
  const std::uint64_t made = checker_->height() - before;
  if (made < 2 || made > 2 * kQuietHeartbeats + 2) {
    checker_->Fail(absl::StrCat("quiet: an idle ledger made ", made, " blocks in ",
                                kQuietHeartbeats, " heartbeats and half a minute"));
  }
  // Each node casts two for a block; a lost one costs a view or two.
  const std::uint64_t votes = cast() - votes_before;
  if (votes > 4 * stage_->members() * (made + 2)) {
    checker_->Fail(
        absl::StrCat("quiet: an idle ledger made ", made, " blocks with ", votes, " votes"));
  }
}

bool Storm::IsBehind(NodeId id) const {
  if (!checker_->honest().contains(id) || !nodes_[id]->belongs()) return false;
  return checker_->HeightOf(id) != checker_->height() || nodes_[id]->restoring();
}

// Asked after each event: who was behind a moment ago mostly still is.
bool Storm::EverythingFinal() {
  if (IsBehind(behind_)) return false;
  for (const NodeId id : checker_->honest()) {
    if (!IsBehind(id)) continue;
    behind_ = id;
    return false;
  }
  return stage_->ClientsContent();
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
