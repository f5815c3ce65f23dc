#include "node/metrics/families.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assent::metrics {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

double Seconds(Duration duration) { return static_cast<double>(duration.us) / 1e6; }

// Adds families one after the other, samples to the newest.
class Writer {
 public:
  void Gauge(const char* name, const char* help) { Begin(name, help, MetricType::Gauge); }
  void Counter(const char* name, const char* help) { Begin(name, help, MetricType::Counter); }
  void Gauge(const char* name, const char* help, double value) {
    Gauge(name, help);
    Add({}, value);
  }
  void Counter(const char* name, const char* help, double value) {
    Counter(name, help);
    Add({}, value);
  }
  void Add(Labels labels, double value) {
    MetricFamily& family = families_.back();
    ClientMetric metric;
    metric.label = std::move(labels);
    (family.type == MetricType::Gauge ? metric.gauge.value : metric.counter.value) = value;
    family.metric.push_back(std::move(metric));
  }
  std::vector<MetricFamily> Take() { return std::move(families_); }

 private:
  void Begin(const char* name, const char* help, MetricType type) {
    families_.push_back({name, help, type, {}});
  }

  std::vector<MetricFamily> families_;
};

double Number(std::uint64_t value) { return static_cast<double>(value); }

// Views that have begun since the one of the newest final block, the present one included. An epoch
// that has no final block yet counts its own.
std::uint64_t ViewsWithoutFinality(const Snapshot& snapshot) {
  const replica::ReplicaStatus& replica = snapshot.replica;
  const std::uint64_t final_view =
      replica.epoch == snapshot.tip.epoch ? snapshot.tip.view.value() : 0;
  // The block may have become final after the status was told.
  return replica.view.value() > final_view ? replica.view.value() - final_view : 0;
}

void WriteLedger(const Snapshot& snapshot, Writer& writer) {
  const replica::ReplicaStatus& replica = snapshot.replica;
  writer.Gauge("assent_build_info", "Always 1; what runs, and whose node it is.");
  writer.Add({{"member", snapshot.member.str()}, {"version", snapshot.version}}, 1);
  writer.Gauge("assent_block_height", "Height of the newest final block.",
               Number(snapshot.tip.height.value()));
  writer.Gauge("assent_tree_entries", "Entries on the ledger.", Number(snapshot.tip.tree_size));
  writer.Gauge("assent_block_timestamp_seconds",
               "Block time of the newest final block, since 1970.",
               static_cast<double>(snapshot.tip.time.us) / 1e6);
  writer.Gauge("assent_heartbeat_seconds",
               "When nobody files, the ledger makes an empty block each so many seconds.",
               Seconds(snapshot.heartbeat));
  writer.Gauge("assent_clock_skew_max_seconds",
               "Blocks whose time is further off from a node's clock get no vote of it.",
               Seconds(snapshot.max_clock_skew));
  writer.Gauge("assent_epoch", "Present epoch.", Number(replica.epoch.value()));
  writer.Gauge("assent_view", "Present view, counted anew in each epoch.",
               Number(replica.view.value()));
  writer.Gauge("assent_views_without_finality",
               "Views that have begun since that of the newest final block.",
               Number(ViewsWithoutFinality(snapshot)));
  writer.Gauge("assent_mode", "1 for what the node is doing, 0 for the others.");
  constexpr std::array<std::pair<replica::Mode, const char*>, 3> kModes = {
      {{replica::Mode::kVoting, "voting"},
       {replica::Mode::kRestoring, "restoring"},
       {replica::Mode::kFollowing, "following"}}};
  for (const auto& [mode, name] : kModes) {
    writer.Add({{"mode", name}}, replica.mode == mode ? 1 : 0);
  }
  writer.Counter("assent_evidence_total",
                 "Conflicting statements of one key that were seen, since the start.",
                 Number(replica.evidence));
  writer.Gauge("assent_pool_entries",
               "Entries that wait to be ordered: of states whose nodes vote, and of others.");
  writer.Add({{"author_class", "voter"}}, Number(snapshot.vitals.pool_entries_of_voters));
  writer.Add({{"author_class", "other"}}, Number(snapshot.vitals.pool_entries_of_others));
  writer.Gauge("assent_verification_queue_length",
               "Messages, blocks and submissions that wait for their signatures to be checked.",
               Number(snapshot.to_check));
}

// The middle of what the peers' clocks say: one that is wrong does not move it far.
double Median(std::vector<Duration> sorted) {
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>((sorted.size() - 1) / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  return Seconds(*middle);
}

void WriteClock(const Snapshot& snapshot, Writer& writer) {
  std::vector<Duration> offsets;
  for (const network::LinkStatus& peer : snapshot.peers) {
    if (peer.clock) offsets.push_back(peer.clock->ahead);
  }
  writer.Gauge("assent_clock_offset_seconds",
               "Median of assent_peer_clock_offset_seconds: how far this node's clock is ahead.");
  if (!offsets.empty()) writer.Add({}, Median(std::move(offsets)));
  const auto each = [&](auto value) {
    for (const network::LinkStatus& peer : snapshot.peers) {
      if (peer.clock) writer.Add({{"peer", peer.code.str()}}, Seconds(value(*peer.clock)));
    }
  };
  writer.Gauge("assent_peer_clock_offset_seconds",
               "This node's clock less the peer's, which is asked each half minute.");
  each([](const network::ClockOffset& clock) { return clock.ahead; });
  writer.Gauge("assent_peer_clock_margin_seconds",
               "To how much that is right: half of the time that the question took.");
  each([](const network::ClockOffset& clock) { return clock.margin; });
  writer.Gauge("assent_block_clock_offset_seconds",
               "This node's clock less the time of the peer's newest block, as it came.");
  for (const auto& [code, offset] : snapshot.vitals.clock_offsets) {
    writer.Add({{"peer", code.str()}}, Seconds(offset));
  }
}

void WritePeers(const Snapshot& snapshot, Writer& writer) {
  const std::vector<network::LinkStatus>& peers = snapshot.peers;
  const auto each = [&](auto value) {
    for (const network::LinkStatus& peer : peers) {
      writer.Add({{"peer", peer.code.str()}}, value(peer));
    }
  };
  writer.Gauge("assent_peers", "Nodes of other members.", Number(peers.size()));
  writer.Gauge("assent_peers_connected", "Peers to and from which the streams are up.",
               Number(static_cast<std::uint64_t>(std::ranges::count_if(
                   peers, [](const auto& peer) { return peer.sending && peer.receiving; }))));
  writer.Gauge("assent_peer_sending", "1 when the stream to the peer is up.");
  each([](const network::LinkStatus& peer) { return peer.sending ? 1 : 0; });
  writer.Gauge("assent_peer_receiving", "1 when the stream from the peer is up.");
  each([](const network::LinkStatus& peer) { return peer.receiving ? 1 : 0; });
  writer.Gauge("assent_peer_queued_messages", "Messages that wait to be sent to the peer.");
  each([](const network::LinkStatus& peer) { return Number(peer.queued); });
  writer.Counter("assent_peer_dropped_messages_total",
                 "Messages not sent to the peer: its queue was full, or the stream was down.");
  for (const network::LinkStatus& peer : peers) {
    writer.Add({{"peer", peer.code.str()}, {"why", "queue_full"}}, Number(peer.dropped));
    writer.Add({{"peer", peer.code.str()}, {"why", "stream_down"}}, Number(peer.unsent));
  }

  const auto& heights = snapshot.replica.peer_heights;
  writer.Gauge("assent_peer_block_height", "Final height that the peer told last.");
  for (const auto& [code, height] : heights) {
    writer.Add({{"peer", code.str()}}, Number(height.value()));
  }
  // Who does not vote tells its height when a stream begins only.
  writer.Gauge("assent_peer_lag_blocks",
               "Blocks that a peer that votes is behind this node; negative when it is ahead.");
  for (const auto& [code, height] : heights) {
    if (!snapshot.voting_peers.contains(code)) continue;
    writer.Add({{"peer", code.str()}}, static_cast<double>(snapshot.replica.BlocksBehind(height)));
  }
}

void WriteRefused(const Snapshot& snapshot, Writer& writer) {
  writer.Counter("assent_calls_refused_total",
                 "Calls of clients that met a limit, by what they were and which limit it was.");
  for (const CallsRefused& one : snapshot.calls_refused) {
    writer.Add({{"kind", one.kind}, {"limit", one.limit}}, Number(one.calls));
  }
  writer.Counter("assent_connections_refused_total",
                 "Connections that were closed at once, by port and why.");
  for (const auto& [port, closed] : snapshot.connections_refused) {
    writer.Add({{"port", port}, {"why", "descriptors"}}, Number(closed.no_descriptors));
    writer.Add({{"port", port}, {"why", "address"}}, Number(closed.of_address));
  }
}

void WriteDatabase(const storage::DatabaseStatus& database, Writer& writer) {
  const auto each = [&](auto value) {
    for (const storage::FamilyStatus& family : database.families) {
      writer.Add({{"family", family.name}}, Number(value(family)));
    }
  };
  writer.Gauge("assent_rocksdb_level_files", "Tables of a column family, by level.");
  for (const storage::FamilyStatus& family : database.families) {
    for (std::size_t level = 0; level < family.level_files.size(); ++level) {
      writer.Add({{"family", family.name}, {"level", std::to_string(level)}},
                 Number(family.level_files[level]));
    }
  }
  writer.Gauge("assent_rocksdb_table_bytes", "Size of the tables in use.");
  each([](const storage::FamilyStatus& family) { return family.table_bytes; });
  writer.Gauge("assent_rocksdb_memtable_bytes", "What is not yet written out as tables.");
  each([](const storage::FamilyStatus& family) { return family.memtable_bytes; });
  writer.Gauge("assent_rocksdb_compaction_pending_bytes",
               "Estimate of what compaction has to rewrite.");
  each([](const storage::FamilyStatus& family) { return family.compaction_pending_bytes; });
  writer.Counter("assent_rocksdb_write_stalls_total",
                 "Times that writes were slowed down or stopped, since the start.");
  for (const storage::FamilyStatus& family : database.families) {
    writer.Add({{"family", family.name}, {"kind", "slowdown"}}, Number(family.slowdowns));
    writer.Add({{"family", family.name}, {"kind", "stop"}}, Number(family.stops));
  }
  writer.Gauge("assent_rocksdb_write_stopped", "1 while writes are stopped.",
               database.write_stopped ? 1 : 0);
  writer.Gauge("assent_rocksdb_cache_bytes", "In the block cache.", Number(database.cache_bytes));
  writer.Gauge("assent_rocksdb_cache_pinned_bytes", "In the block cache, and in use.",
               Number(database.cache_pinned_bytes));
  writer.Gauge("assent_rocksdb_cache_capacity_bytes", "What the block cache may hold.",
               Number(database.cache_capacity_bytes));
}

void WriteMachine(const Snapshot& snapshot, Writer& writer) {
  const DiskStatus disk = snapshot.disk.value_or(DiskStatus());
  const ProcessStatus process = snapshot.process.value_or(ProcessStatus());
  const auto gauge = [&](bool known, const char* name, const char* help, double value) {
    writer.Gauge(name, help);
    if (known) writer.Add({}, value);
  };
  const bool has_disk = snapshot.disk.has_value();
  gauge(has_disk, "assent_disk_free_bytes", "Free on the disk of the data folder.",
        Number(disk.free_bytes));
  gauge(has_disk, "assent_disk_size_bytes", "Size of the disk of the data folder.",
        Number(disk.size_bytes));
  // Names that Prometheus' own libraries give.
  const bool has_process = snapshot.process.has_value();
  writer.Counter("process_cpu_seconds_total", "Processor time of all threads.");
  if (has_process) writer.Add({}, process.cpu_seconds);
  gauge(has_process, "process_start_time_seconds", "When the process began, since 1970.",
        process.start_seconds);
  gauge(has_process, "process_resident_memory_bytes", "Memory in use.",
        Number(process.resident_bytes));
  gauge(has_process, "process_virtual_memory_bytes", "Address space in use.",
        Number(process.virtual_bytes));
  gauge(has_process, "process_threads", "Threads.", Number(process.threads));
  gauge(has_process, "process_open_fds", "Open files and connections.", Number(process.open_fds));
  gauge(has_process, "process_max_fds", "How many there may be.", Number(process.fds_max));
}

}  // namespace

std::vector<MetricFamily> FamiliesOf(const Snapshot& snapshot) {
  Writer writer;
  WriteLedger(snapshot, writer);
  WriteClock(snapshot, writer);
  WritePeers(snapshot, writer);
  WriteRefused(snapshot, writer);
  WriteDatabase(snapshot.database, writer);
  WriteMachine(snapshot, writer);
  return writer.Take();
}

}  // namespace assent::metrics
