// Whether the other nodes can be reached from here, each with its own key, and what time they have.
// A node that runs has streams to them, and is asked; else they are dialled.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "assent/v1/ledger.grpc.pb.h"
#include "assent/v1/peer.grpc.pb.h"
#include "node/check/check.h"
#include "node/network/channel.h"
#include "node/network/clock_question.h"
#include "node/network/limits.h"
#include "transport/credentials.h"

namespace assent::check {
namespace {

constexpr std::size_t kDialsAtOnce = 16;
// Beyond gRPC's own for a connection, so that its reason is the one that is told.
constexpr std::chrono::milliseconds kDialTimeout = network::kConnectTimeout * 2;

struct Dialled {
  std::optional<PublicKey> shown;  // the key of who answered there
  grpc::Status status;
  std::optional<network::ClockOffset> clock;  // nothing when it does not tell its time
};

// A clock that is farther off than this part of what blocks may be is told of, as the alerts do.
constexpr std::int64_t kClockNotePart = 5;

bool Unreached(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::UNAVAILABLE ||
         status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED;
}

// Asks for a block that hardly any node has: what matters is that it answers.
grpc::Status AskPeer(const std::shared_ptr<grpc::Channel>& channel, grpc::ClientContext& context,
                     Height next) {
  const auto stub = v1::Peer::NewStub(channel);
  v1::GetBlocksRequest request;
  request.set_from_height(next.value());
  request.set_max_blocks(1);
  const auto blocks = stub->GetBlocks(&context, request);
  v1::FinalBlock block;
  while (blocks->Read(&block)) continue;
  return blocks->Finish();
}

// What a mirror copies answers clients.
grpc::Status AskSource(const std::shared_ptr<grpc::Channel>& channel,
                       grpc::ClientContext& context) {
  v1::LedgerStatus status;
  return v1::Ledger::NewStub(channel)->GetLedgerStatus(&context, v1::GetLedgerStatusRequest(),
                                                       &status);
}

Dialled Dial(const transport::Certificate& own, const network::PeerAddress& peer, Height next,
             bool mirror) {
  struct Shown {
    std::mutex mutex;
    std::optional<PublicKey> key;
  };
  // Handshakes may outlive this call.
  const auto shown = std::make_shared<Shown>();
  const auto channel = network::MakePeerChannel(
      peer.endpoint, transport::ChannelCredentials(
                         &own, [shown, expected = peer.transport_key](const PublicKey& key) {
                           const std::lock_guard lock(shown->mutex);
                           shown->key = key;
                           return key == expected;
                         }));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kDialTimeout);
  Dialled dialled;
  dialled.status = mirror ? AskSource(channel, context) : AskPeer(channel, context, next);
  if (!Unreached(dialled.status) && !mirror) {
    // By now the connection stands: the question takes no longer than it must.
    const auto clock = network::AskTime(channel, kDialTimeout);
    if (clock.ok()) dialled.clock = *clock;
  }
  const std::lock_guard lock(shown->mutex);
  dialled.shown = shown->key;
  return dialled;
}

// Returns whether the peer was reached.
bool Judge(const network::PeerAddress& peer, const Dialled& dialled, Report& report) {
  const std::string what = absl::StrCat("peer ", peer.code.str());
  if (dialled.shown && *dialled.shown != peer.transport_key) {
    report.Wrong(what,
                 absl::StrCat(peer.endpoint, " shows the key ", dialled.shown->hex(),
                              ", which is not that of ", peer.code.str()),
                 "ask its operator; a proxy must not end TLS; peer.join can name another address");
    return true;
  }
  const bool refused = dialled.status.error_code() == grpc::StatusCode::PERMISSION_DENIED;
  if (refused || (dialled.shown && Unreached(dialled.status))) {
    report.Wrong(what,
                 absl::StrCat(peer.endpoint, " shows the right key, and does not let this node in"),
                 "it does not know this node's keys (yet): is this the seed in force?");
    return true;
  }
  if (Unreached(dialled.status)) {
    report.Note(what, absl::StrCat(peer.endpoint, ": ", dialled.status.error_message()),
                "is it running, is its name in DNS, does a firewall stand in between?");
    return false;
  }
  report.Good(what, absl::StrCat(peer.endpoint, " is reached, with the right key"));
  return true;
}

using Clocks = std::map<std::string, Duration>;  // of peers: how far this one is ahead

std::string InSeconds(Duration offset) {
  const double seconds = static_cast<double>(offset.us) / 1e6;
  return absl::StrFormat("%.3f s %s", std::abs(seconds), seconds < 0 ? "behind" : "ahead of");
}

// Which of all clocks are wrong: that of most peers is taken as right.
void JudgeClocks(const Subject& subject, const Clocks& clocks, Report& report) {
  const char* const what = "clock of peers";
  if (clocks.empty() || !subject.act) {
    report.Note(what, "no peer has told its time",
                "this node's own is compared with the block's only");
    return;
  }
  std::vector<Duration> sorted;
  for (const auto& [code, ahead] : clocks) sorted.push_back(ahead);
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>((sorted.size() - 1) / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  const Duration skew = subject.act->text.parameters.max_clock_skew;
  const Duration note{skew.us / kClockNotePart};
  const auto beyond = [](Duration offset, Duration most) {
    return offset > most || offset < Duration{-most.us};
  };
  const std::string says = absl::StrCat("this clock is ", InSeconds(*middle), " the middle of ",
                                        clocks.size(), clocks.size() == 1 ? " other" : " others");
  // Of two clocks nobody knows which is wrong.
  if (beyond(*middle, skew) && clocks.size() > 1) {
    report.Wrong(what, says, "set the clock, and have it kept right by NTP");
  } else if (beyond(*middle, note)) {
    report.Note(what, says, "have all clocks kept right by NTP");
  } else {
    report.Good(what, says);
  }
  for (const auto& [code, ahead] : clocks) {
    Duration apart;  // offsets come from outside, however large
    if (__builtin_sub_overflow(middle->us, ahead.us, &apart.us)) apart = ahead;
    if (!beyond(apart, note)) continue;
    report.Note(absl::StrCat("clock of ", code),
                absl::StrCat("it is ", InSeconds(apart), " the middle of all"),
                "talk to that member");
  }
}

void AskRunning(const Subject& subject, const v1::NodeStatus& status, Report& report) {
  Clocks clocks;
  for (const v1::PeerStatus& peer : status.peers()) {
    if (peer.has_clock_offset_us()) {
      clocks[peer.code()] = Microseconds(peer.clock_offset_us());
    }
    const std::string what = absl::StrCat("peer ", peer.code());
    if (peer.sending() && peer.receiving()) {
      report.Good(what, absl::StrCat(peer.endpoint(), " is connected with the running node"));
    } else if (peer.sending()) {
      report.Note(what, "it does not dial this node",
                  "can it reach peer.listen: firewall, DNS, the address in the ledger?");
    } else {
      report.Note(what, absl::StrCat(peer.endpoint(), ": ", peer.last_error()),
                  "is it running, is its name in DNS, does a firewall stand in between?");
    }
  }
  if (status.mode() != v1::MIRRORING && status.peers_size() > 0) {
    JudgeClocks(subject, clocks, report);
  }
}

// Those whose key neither the configuration nor the act has are left out, and said.
std::vector<network::PeerAddress> Sources(const Subject& subject, Report& report) {
  std::vector<network::PeerAddress> sources;
  for (const node::JoinPeer& source : subject.config.mirror_sources) {
    std::optional<PublicKey> key = source.transport_key;
    for (const Founder& founder : subject.act->text.founders) {
      if (!key && founder.code == source.code) key = founder.transport_key;
    }
    if (key) {
      sources.push_back({source.code, source.endpoint, *key});
    } else {
      report.Note(absl::StrCat("peer ", source.code.str()), "its key is known from the ledger only",
                  "mirror.sources can name it");
    }
  }
  return sources;
}

std::vector<network::PeerAddress> Founders(const Subject& subject) {
  std::vector<network::PeerAddress> peers;
  const auto& join = subject.config.join;
  for (const Founder& founder : subject.act->text.founders) {
    if (founder.code == *subject.self) continue;
    network::PeerAddress peer{founder.code, founder.peer_endpoint, founder.transport_key};
    if (join && join->code == founder.code) {
      peer.endpoint = join->endpoint;
      peer.transport_key = join->transport_key.value_or(founder.transport_key);
    }
    peers.push_back(std::move(peer));
  }
  return peers;
}

}  // namespace

void CheckPeers(const Subject& subject, Report& report) {
  if (subject.running) return AskRunning(subject, *subject.running, report);
  if (!subject.act || !subject.self) {
    report.NotRun("peers", "needs the founding act and the node's seed");
    return;
  }
  const bool mirror = subject.config.mirror();
  const std::vector<network::PeerAddress> peers = mirror          ? Sources(subject, report)
                                                  : subject.peers ? *subject.peers
                                                                  : Founders(subject);
  const Height next = subject.standing ? subject.standing->height.next() : Height(1);
  const transport::Certificate own = transport::MakeCertificate(subject.keys->transport_seed);
  std::size_t reached = 0;
  Clocks clocks;
  for (std::size_t at = 0; at < peers.size(); at += kDialsAtOnce) {
    const std::size_t end = std::min(at + kDialsAtOnce, peers.size());
    std::vector<std::future<Dialled>> dials;
    for (std::size_t i = at; i < end; ++i) {
      dials.push_back(
          std::async(std::launch::async, Dial, std::cref(own), std::cref(peers[i]), next, mirror));
    }
    for (std::size_t i = at; i < end; ++i) {
      const Dialled dialled = dials[i - at].get();
      if (Judge(peers[i], dialled, report)) ++reached;
      if (dialled.clock) clocks[peers[i].code.str()] = dialled.clock->ahead;
    }
  }
  if (peers.empty()) {
    report.Good("peers", "this ledger has no other node");
  } else if (reached == 0) {
    report.Wrong("peers", absl::StrCat("none of ", peers.size(), " can be reached"),
                 "before the first node of a ledger runs there is none: say --no-peers then");
  } else if (!mirror) {
    JudgeClocks(subject, clocks, report);
  }
}

}  // namespace assent::check
