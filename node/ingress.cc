#include "node/ingress.h"

#include <set>
#include <utility>

#include "node/quota/refusal.h"

namespace assent::node {

using replica::FromPeer;
using replica::LogLevel;
using replica::SubmitOutcome;

namespace {

constexpr char kStopping[] = "the node is stopping";

// Calls `done` once: with what it is called with, or with `otherwise` when its last copy is gone
// uncalled.
template <class T>
std::function<void(T)> AnswerOnce(std::function<void(T)> done, T otherwise) {
  struct State {
    State(std::function<void(T)> d, T o) : call(std::move(d)), fallback(std::move(o)) {}
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
      if (call) call(std::move(fallback));
    }
    std::function<void(T)> call;
    T fallback;
  };
  auto state = std::make_shared<State>(std::move(done), std::move(otherwise));
  return [state](T value) {
    if (auto call = std::exchange(state->call, nullptr)) call(std::move(value));
  };
}

}  // namespace

bool Share::Fits(std::size_t bytes) const {
  return items_ < items_max_ && (items_ == 0 || bytes_ + bytes <= bytes_max_);
}

std::shared_ptr<void> Share::Count(std::size_t bytes) {
  ++items_;
  bytes_ += bytes;
  return std::shared_ptr<void>(
      this, [self = shared_from_this(), bytes](void*) { self->GiveBack(bytes); });
}

std::shared_ptr<void> Share::TryTake(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  if (closed_ || !Fits(bytes)) return nullptr;
  return Count(bytes);
}

std::shared_ptr<void> Share::Take(std::size_t bytes) {
  std::unique_lock lock(mutex_);
  room_.wait(lock, [&] { return closed_ || Fits(bytes); });
  if (closed_) return nullptr;
  return Count(bytes);
}

void Share::Close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  room_.notify_all();
}

void Share::GiveBack(std::size_t bytes) {
  {
    const std::lock_guard lock(mutex_);
    --items_;
    bytes_ -= bytes;
  }
  room_.notify_one();
}

Ingress::Ingress(std::size_t threads, replica::Intake* intake, replica::Log* log,
                 std::function<void(replica::Input)> push)
    : intake_(intake),
      log_(log),
      push_(std::move(push)),
      submissions_(std::make_shared<Share>(kSubmissionsMax, kSubmissionBytesMax)),
      peers_messages_(std::make_shared<Share>(kPeersMessagesMax, kPeersBytesMax)),
      workers_(threads),
      submit_queue_(workers_.AddQueues(kSubmitQueues)) {}

void Ingress::AddPeers(const std::vector<MemberCode>& peers) {
  const std::lock_guard lock(mutex_);
  if (stopped_) return;
  for (const MemberCode& code : peers) {
    std::shared_ptr<Peer>& peer = peers_[code];
    if (peer != nullptr) continue;
    peer = std::make_shared<Peer>();
    peer->queue = workers_.AddQueues(2);
    peer->blocks_queue = peer->queue + 1;
    peer->messages = std::make_shared<Share>(kPeerMessagesMax, kPeerBytesMax);
    peer->blocks = std::make_shared<Share>(kRangeBlocksMax, kRangeBytesMax);
  }
}

void Ingress::KeepPeers(const std::vector<MemberCode>& peers) {
  const std::set<MemberCode> kept(peers.begin(), peers.end());
  std::vector<MemberCode> gone;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [code, peer] : peers_) {
      if (kept.contains(code)) continue;
      peer->messages->Close();
      peer->blocks->Close();
      gone.push_back(code);
    }
    for (const MemberCode& code : gone) peers_.erase(code);
  }
  for (const MemberCode& code : gone) {
    OnPeerDown(code, absl::NotFoundError("it is no node of a member any more"));
  }
}

std::shared_ptr<Ingress::Peer> Ingress::Find(const MemberCode& code) {
  const std::lock_guard lock(mutex_);
  const auto found = peers_.find(code);
  return found == peers_.end() ? nullptr : found->second;
}

bool Ingress::Stopped() {
  const std::lock_guard lock(mutex_);
  return stopped_;
}

void Ingress::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;  // before there is no room: it says why
    submissions_->Close();
    peers_messages_->Close();
    for (const auto& [code, peer] : peers_) {
      peer->messages->Close();
      peer->blocks->Close();
    }
  }
  workers_.Stop();
}

void Ingress::Push(replica::InputKind kind, std::shared_ptr<void> share) {
  push_({std::move(kind), std::move(share)});
}

void Ingress::LogFault(const MemberCode& code, Peer& peer, const absl::Status& status) {
  // Of an epoch that has ended meanwhile, or before the first was entered: nobody's fault.
  if (absl::IsOutOfRange(status) || absl::IsUnavailable(status)) return;
  const std::uint64_t count = ++peer.faults;
  if (count > kFaultLinesMax && count % kFaultsPerLine != 0) return;
  log_->Write(LogLevel::kWarning, "refused a peer's message",
              {{"peer", code}, {"count", count}, {"why", std::string(status.message())}});
}

void Ingress::OnPeerUp(const MemberCode& peer) {
  log_->Write(LogLevel::kInfo, "peer up", {{"peer", peer}});
  Push(replica::PeerConnected{peer}, nullptr);
}

void Ingress::OnPeerDown(const MemberCode& peer, const absl::Status& why) {
  log_->Write(LogLevel::kInfo, "peer down", {{"peer", peer}, {"why", std::string(why.message())}});
  Push(replica::PeerDisconnected{peer}, nullptr);
}

void Ingress::OnMessage(const MemberCode& code, std::string bytes) {
  const std::shared_ptr<Peer> peer = Find(code);
  if (peer == nullptr) return;
  auto share = peer->messages->TryTake(bytes.size());
  if (!share) share = peers_messages_->TryTake(bytes.size());
  if (!share) {
    // The protocol repeats what matters; a line for each message would be a flood of its own.
    if (peer->dropped++ % kPeerMessagesMax == 0) {
      log_->Write(LogLevel::kWarning, "a peer sends faster than it is heard", {{"peer", code}});
    }
    return;
  }
  workers_.Post(peer->queue,
                [this, code, peer, bytes = std::move(bytes), share = std::move(share)]() mutable {
                  auto input = intake_->CheckMessage(code, bytes);
                  if (!input.ok()) return LogFault(code, *peer, input.status());
                  Push(FromPeer{code, *std::move(input)}, std::move(share));
                });
}

bool Ingress::OnBlock(const MemberCode& code, std::string bytes) {
  const std::shared_ptr<Peer> peer = Find(code);
  if (peer == nullptr) return false;
  auto share = peer->blocks->Take(bytes.size());
  if (!share) return false;
  workers_.Post(peer->blocks_queue,
                [this, code, peer, bytes = std::move(bytes), share = std::move(share)]() mutable {
                  auto block = intake_->CheckBlock(bytes);
                  if (!block.ok()) return LogFault(code, *peer, block.status());
                  Push(replica::RangeBlock{code, *std::move(block)}, std::move(share));
                });
  return true;
}

void Ingress::OnBlocksEnd(const MemberCode& code, const absl::Status& status) {
  const std::shared_ptr<Peer> peer = Find(code);
  if (peer == nullptr) return Push(replica::RangeEnd{code, status}, nullptr);
  // Behind the blocks that are being checked.
  workers_.Post(peer->blocks_queue, [this, code, status] {
    Push(replica::RangeEnd{code, status}, nullptr);
  });
}

void Ingress::Submit(Entry entry, bool wait_until_final, replica::SubmitDone done) {
  auto share = submissions_->TryTake(entry.size_bytes());
  if (!share) {
    return done({Stopped() ? absl::UnavailableError(kStopping)
                           : quota::Refuse(quota::kEntriesOfNode,
                                           "too many entries are being submitted at this node; "
                                           "submit again later",
                                           "submission"),
                 std::nullopt, std::nullopt});
  }
  const std::size_t queue =
      submit_queue_ + std::hash<std::string>()(entry.header().author.str()) % kSubmitQueues;
  const replica::SubmitDone once(AnswerOnce<SubmitOutcome>(done, {absl::UnavailableError(kStopping),
                                                                  std::nullopt, std::nullopt}),
                                 [done] { return done.over(); });
  auto shared = std::make_shared<const Entry>(std::move(entry));
  workers_.Post(queue, [this, shared, wait_until_final, once, share = std::move(share)]() mutable {
    if (once.over()) return;  // nobody waits, and nothing has been done yet
    if (auto refusal = intake_->CheckEntry(*shared)) {
      return once({absl::OkStatus(), std::move(refusal), std::nullopt});
    }
    Push(replica::Submitted{std::move(shared), wait_until_final, once}, std::move(share));
  });
}

void Ingress::PendingHead(const MemberCode& author,
                          std::function<void(std::optional<AuthorHead>)> done) {
  Push(replica::HeadAsked{author,
                          AnswerOnce<std::optional<AuthorHead>>(std::move(done), std::nullopt)},
       nullptr);
}

}  // namespace assent::node
