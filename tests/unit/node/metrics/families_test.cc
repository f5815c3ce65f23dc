// What a scrape shows of a snapshot, and that its names keep Prometheus' rules.
#include "node/metrics/families.h"

#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>
#include <string>

namespace assent::metrics {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

MemberCode Code(std::string_view text) { return *MemberCode::From(text); }

// The samples of one family: "label=value,..." gives the number.
std::map<std::string, double> Samples(const Snapshot& snapshot, const std::string& name) {
  std::map<std::string, double> samples;
  bool found = false;
  for (const MetricFamily& family : FamiliesOf(snapshot)) {
    if (family.name != name) continue;
    found = true;
    for (const ClientMetric& metric : family.metric) {
      std::string labels;
      for (const auto& label : metric.label) {
        labels += (labels.empty() ? "" : ",") + label.name + "=" + label.value;
      }
      samples[labels] =
          family.type == MetricType::Counter ? metric.counter.value : metric.gauge.value;
    }
  }
  EXPECT_TRUE(found) << name;
  return samples;
}

using Expected = std::map<std::string, double>;

Snapshot FullSnapshot() {
  Snapshot snapshot;
  snapshot.version = "1.2.3";
  snapshot.member = Code("FRA");
  snapshot.tip.height = Height(100);
  snapshot.tip.tree_size = 40;
  snapshot.tip.epoch = Epoch(2);
  snapshot.tip.view = View(7);
  snapshot.tip.time = Time{1'767'225'600'500'000};
  snapshot.heartbeat = Seconds(60);
  snapshot.max_clock_skew = Seconds(10);
  snapshot.replica.mode = replica::Mode::kVoting;
  snapshot.replica.epoch = Epoch(2);
  snapshot.replica.view = View(10);
  snapshot.replica.height = Height(100);
  snapshot.replica.told_height = Height(95);
  snapshot.vitals.pool_entries_of_voters = 3;
  snapshot.vitals.pool_entries_of_others = 2;
  snapshot.replica.evidence = 1;
  snapshot.replica.peer_heights = {
      {Code("IND"), Height(90)}, {Code("JPN"), Height(101)}, {Code("USA"), Height(3)}};
  snapshot.vitals.clock_offsets = {{Code("IND"), Milliseconds(20)},
                                   {Code("JPN"), Milliseconds(-3'500)},
                                   {Code("USA"), Seconds(9)}};
  network::LinkStatus both;
  both.code = Code("IND");
  both.sending = both.receiving = true;
  both.queued = 4;
  network::LinkStatus half;
  half.code = Code("JPN");
  half.sending = true;
  half.dropped = 6;
  half.unsent = 2;
  both.clock = network::ClockOffset{Milliseconds(20), Milliseconds(1)};
  half.clock = network::ClockOffset{Milliseconds(-3'500), Milliseconds(40)};
  snapshot.peers = {both, half};
  snapshot.calls_refused = {{"read", "rate", 7}, {"submission", "author", 3}};
  snapshot.connections_refused["client"] = {2, 9};
  snapshot.voting_peers = {Code("IND"), Code("JPN")};
  snapshot.to_check = 12;
  snapshot.database.families = {{"state", {2, 0, 5}, 1'000, 300, 70, 4, 1}};
  snapshot.database.write_stopped = true;
  snapshot.database.cache_bytes = 64;
  snapshot.disk = DiskStatus{1'000, 250};
  snapshot.process = ProcessStatus{1.5, 1'767'225'600, 4'096, 8'192, 9, 17, 65'536};
  return snapshot;
}

TEST(FamiliesTest, TheLedgerIsShown) {
  const Snapshot snapshot = FullSnapshot();
  EXPECT_EQ(Samples(snapshot, "assent_build_info"), (Expected{{"member=FRA,version=1.2.3", 1}}));
  EXPECT_EQ(Samples(snapshot, "assent_block_height"), (Expected{{"", 100}}));
  EXPECT_EQ(Samples(snapshot, "assent_tree_entries"), (Expected{{"", 40}}));
  EXPECT_EQ(Samples(snapshot, "assent_block_timestamp_seconds"), (Expected{{"", 1'767'225'600.5}}));
  EXPECT_EQ(Samples(snapshot, "assent_heartbeat_seconds"), (Expected{{"", 60}}));
  EXPECT_EQ(Samples(snapshot, "assent_mode"),
            (Expected{{"mode=voting", 1}, {"mode=restoring", 0}, {"mode=following", 0}}));
  EXPECT_EQ(Samples(snapshot, "assent_pool_entries"),
            (Expected{{"author_class=voter", 3}, {"author_class=other", 2}}));
  EXPECT_EQ(Samples(snapshot, "assent_verification_queue_length"), (Expected{{"", 12}}));
}

TEST(FamiliesTest, ViewsWithoutFinalityCountFromTheNewestFinalBlock) {
  Snapshot snapshot = FullSnapshot();
  EXPECT_EQ(Samples(snapshot, "assent_views_without_finality"), (Expected{{"", 3}}));
  // The block became final after the status was told.
  snapshot.tip.view = View(11);
  EXPECT_EQ(Samples(snapshot, "assent_views_without_finality"), (Expected{{"", 0}}));
  // A new epoch counts its views from one.
  snapshot.replica.epoch = Epoch(3);
  snapshot.replica.view = View(2);
  EXPECT_EQ(Samples(snapshot, "assent_views_without_finality"), (Expected{{"", 2}}));
}

TEST(FamiliesTest, OneWrongClockDoesNotMoveTheOffset) {
  Snapshot snapshot = FullSnapshot();
  network::LinkStatus third;
  third.code = Code("USA");
  third.clock = network::ClockOffset{Seconds(9), Milliseconds(2)};
  snapshot.peers.push_back(third);
  EXPECT_EQ(Samples(snapshot, "assent_peer_clock_offset_seconds"),
            (Expected{{"peer=IND", 0.02}, {"peer=JPN", -3.5}, {"peer=USA", 9}}));
  EXPECT_EQ(Samples(snapshot, "assent_peer_clock_margin_seconds"),
            (Expected{{"peer=IND", 0.001}, {"peer=JPN", 0.04}, {"peer=USA", 0.002}}));
  EXPECT_EQ(Samples(snapshot, "assent_clock_offset_seconds"), (Expected{{"", 0.02}}));
  for (network::LinkStatus& peer : snapshot.peers) peer.clock.reset();
  EXPECT_EQ(Samples(snapshot, "assent_clock_offset_seconds"), Expected());
  EXPECT_EQ(Samples(snapshot, "assent_peer_clock_offset_seconds"), Expected());
}

TEST(FamiliesTest, BlocksTellOfClocksToo) {
  EXPECT_EQ(Samples(FullSnapshot(), "assent_block_clock_offset_seconds"),
            (Expected{{"peer=IND", 0.02}, {"peer=JPN", -3.5}, {"peer=USA", 9}}));
}

TEST(FamiliesTest, WhatIsTurnedAwayIsShownByItsLimit) {
  const Snapshot snapshot = FullSnapshot();
  EXPECT_EQ(Samples(snapshot, "assent_calls_refused_total"),
            (Expected{{"kind=read,limit=rate", 7}, {"kind=submission,limit=author", 3}}));
  EXPECT_EQ(Samples(snapshot, "assent_connections_refused_total"),
            (Expected{{"port=client,why=descriptors", 2}, {"port=client,why=address", 9}}));
}

TEST(FamiliesTest, PeersAreShown) {
  const Snapshot snapshot = FullSnapshot();
  EXPECT_EQ(Samples(snapshot, "assent_peers"), (Expected{{"", 2}}));
  EXPECT_EQ(Samples(snapshot, "assent_peers_connected"), (Expected{{"", 1}}));
  EXPECT_EQ(Samples(snapshot, "assent_peer_receiving"),
            (Expected{{"peer=IND", 1}, {"peer=JPN", 0}}));
  EXPECT_EQ(Samples(snapshot, "assent_peer_queued_messages"),
            (Expected{{"peer=IND", 4}, {"peer=JPN", 0}}));
  EXPECT_EQ(Samples(snapshot, "assent_peer_dropped_messages_total"),
            (Expected{{"peer=IND,why=queue_full", 0},
                      {"peer=IND,why=stream_down", 0},
                      {"peer=JPN,why=queue_full", 6},
                      {"peer=JPN,why=stream_down", 2}}));
}

TEST(FamiliesTest, LagIsThatOfPeersThatVote) {
  const Snapshot snapshot = FullSnapshot();
  EXPECT_EQ(Samples(snapshot, "assent_peer_block_height"),
            (Expected{{"peer=IND", 90}, {"peer=JPN", 101}, {"peer=USA", 3}}));
  EXPECT_EQ(Samples(snapshot, "assent_peer_lag_blocks"),
            (Expected{{"peer=IND", 5}, {"peer=JPN", -1}}));
}

TEST(FamiliesTest, TheDatabaseIsShown) {
  const Snapshot snapshot = FullSnapshot();
  EXPECT_EQ(
      Samples(snapshot, "assent_rocksdb_level_files"),
      (Expected{
          {"family=state,level=0", 2}, {"family=state,level=1", 0}, {"family=state,level=2", 5}}));
  EXPECT_EQ(Samples(snapshot, "assent_rocksdb_write_stalls_total"),
            (Expected{{"family=state,kind=slowdown", 4}, {"family=state,kind=stop", 1}}));
  EXPECT_EQ(Samples(snapshot, "assent_rocksdb_write_stopped"), (Expected{{"", 1}}));
  EXPECT_EQ(Samples(snapshot, "assent_rocksdb_cache_bytes"), (Expected{{"", 64}}));
}

TEST(FamiliesTest, WhatTheMachineDoesNotTellHasNoSample) {
  Snapshot snapshot = FullSnapshot();
  EXPECT_EQ(Samples(snapshot, "assent_disk_free_bytes"), (Expected{{"", 250}}));
  EXPECT_EQ(Samples(snapshot, "process_cpu_seconds_total"), (Expected{{"", 1.5}}));
  EXPECT_EQ(Samples(snapshot, "process_max_fds"), (Expected{{"", 65'536}}));
  snapshot.disk.reset();
  snapshot.process.reset();
  EXPECT_EQ(Samples(snapshot, "assent_disk_free_bytes"), Expected());
  EXPECT_EQ(Samples(snapshot, "process_cpu_seconds_total"), Expected());
}

TEST(FamiliesTest, NamesAreThoseOfPrometheus) {
  std::set<std::string> names;
  for (const MetricFamily& family : FamiliesOf(FullSnapshot())) {
    EXPECT_TRUE(names.insert(family.name).second) << family.name << " stands twice";
    EXPECT_TRUE(std::regex_match(family.name, std::regex("(assent|process)_[a-z_]+")));
    EXPECT_EQ(family.name.ends_with("_total"), family.type == MetricType::Counter) << family.name;
    EXPECT_TRUE(family.help.ends_with(".")) << family.name;
  }
  // An empty snapshot has the same families.
  EXPECT_EQ(FamiliesOf(Snapshot()).size(), names.size());
}

}  // namespace
}  // namespace assent::metrics
