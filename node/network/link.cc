#include "node/network/link.h"

#include <algorithm>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "assent/v1/peer.grpc.pb.h"
#include "ledger/limits.h"
#include "node/network/bytes.h"
#include "node/network/channel.h"
#include "node/network/limits.h"

namespace assent::network {
namespace {

// The version of what nodes say to each other is in the name of their service.
std::string WhyItEnded(const grpc::Status& status) {
  if (status.ok()) return "the peer ended the stream";
  if (status.error_code() != grpc::StatusCode::UNIMPLEMENTED) return status.error_message();
  return absl::StrCat("the peer does not speak ", v1::Peer::service_full_name(),
                      ": its program is of another version, upgrade the older one");
}

}  // namespace

Link::Link(PeerAddress address, std::shared_ptr<grpc::ChannelCredentials> credentials,
           replica::PeerEvents* events)
    : address_(std::move(address)),
      credentials_(std::move(credentials)),
      events_(events),
      inbox_(kInboxMessagesMax, kInboxBytesMax),
      backoff_(kBackoffFirst, kBackoffMax, std::random_device()()) {}

Link::~Link() = default;

void Link::Start() {
  thread_ = std::thread([this] { Run(); });
  blocks_thread_ = std::thread([this] { RunBlocks(); });
}

void Link::BeginStop() {
  Incoming* paused = nullptr;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    up_ = false;
    if (stream_) stream_->Cancel();
    if (fetch_) fetch_->Cancel();
    if (question_) question_->Cancel();
    if (incoming_ != nullptr) incoming_->Cancel();
    paused = std::exchange(paused_, nullptr);
  }
  if (paused != nullptr) paused->Resume();
  wake_.notify_one();
  blocks_wake_.notify_one();
}

void Link::FinishStop(Clock::time_point deadline) {
  for (std::thread* thread : {&thread_, &blocks_thread_}) {
    if (thread->joinable()) thread->join();
  }
  Lock lock(mutex_);
  ended_.wait_until(lock, deadline, [this] { return Ended(); });
  LetGo(lock);
}

void Link::Send(replica::MessageBytes message) {
  std::shared_ptr<Outgoing> stream;
  {
    const std::lock_guard lock(mutex_);
    if (!up_) {
      ++unsent_;
      return;
    }
    if (message->size() > kGrpcMessageBytesMax) {
      ++dropped_;
      return;
    }
    stream = stream_;
  }
  const Outgoing::Sent sent = stream->Send(std::move(message));
  if (sent == Outgoing::Sent::kQueued) return;
  const std::lock_guard lock(mutex_);
  ++(sent == Outgoing::Sent::kQueueFull ? dropped_ : unsent_);
}

void Link::RequestBlocks(Height first, std::uint32_t max_blocks) {
  std::shared_ptr<BlockFetch> fetch;
  std::shared_ptr<grpc::Channel> channel;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    if (fetch_) {
      inbox_.block_ends.push_back(absl::FailedPreconditionError(
          absl::StrCat("a request for blocks of ", address_.code.str(), " is under way already")));
    } else if (!up_) {
      inbox_.block_ends.push_back(
          absl::UnavailableError(absl::StrCat("not connected to ", address_.code.str())));
    } else {
      fetch = fetch_ = std::make_shared<BlockFetch>(shared_from_this());
      fetch_until_ = Clock::now() + kBlockTimeout;
      fetch_late_ = false;
      channel = channel_;
    }
  }
  if (fetch) fetch->Begin(channel, first, max_blocks, fetch);
  wake_.notify_one();
  blocks_wake_.notify_one();
}

void Link::CancelBlocks() {
  const std::lock_guard lock(mutex_);
  if (fetch_) fetch_->Cancel();
}

bool Link::Adopt(Incoming* stream) {
  Incoming* paused = nullptr;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return false;
    if (incoming_ != nullptr) incoming_->Cancel();
    incoming_ = stream;
    paused = std::exchange(paused_, nullptr);
    // Whoever dials can probably be dialled; one that dials all the time must not make us do so.
    const auto now = Clock::now();
    if (!stream_ && (!hurried_at_ || now - *hurried_at_ >= kStable)) {
      hurried_at_ = now;
      dial_at_ = std::min(dial_at_, now + kBackoffFirst);
    }
  }
  if (paused != nullptr) paused->Resume();
  wake_.notify_one();
  return true;
}

LinkStatus Link::Status() const {
  LinkStatus status;
  status.code = address_.code;
  status.endpoint = address_.endpoint;
  const std::lock_guard lock(mutex_);
  status.sending = up_;
  status.receiving = incoming_ != nullptr;
  status.queued = stream_ ? stream_->queued() : 0;
  status.dropped = dropped_;
  status.unsent = unsent_;
  status.last_error = last_error_;
  status.clock = clock_;
  return status;
}

void Link::OnOutgoingUp(Outgoing* stream) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || stream != stream_.get()) return;
    up_ = true;
    told_down_ = false;
    up_since_ = ask_at_ = Clock::now();
    dial_until_.reset();
    last_error_.clear();
    inbox_.turns.push_back(absl::OkStatus());
  }
  wake_.notify_one();
}

void Link::OnOutgoingEnd(std::shared_ptr<Outgoing> stream, const grpc::Status& status) {
  const auto now = Clock::now();
  {
    const std::lock_guard lock(mutex_);
    if (up_ && now - up_since_ >= kStable) backoff_.Reset();
    up_ = false;
    clock_.reset();
    dial_at_ = now + backoff_.Next();
    dial_until_.reset();
    last_error_ = dial_late_ ? "no answer in time" : WhyItEnded(status);
    unsent_ += stream->lost();
    if (!std::exchange(told_down_, true)) {
      inbox_.turns.push_back(absl::UnavailableError(last_error_));
    }
    stream_.reset();
    spent_.push_back(std::move(stream));
    spent_.push_back(std::move(channel_));
  }
  ended_.notify_all();
  wake_.notify_one();
}

void Link::OnTime(std::shared_ptr<ClockQuestion> question, std::optional<ClockOffset> offset) {
  {
    const std::lock_guard lock(mutex_);
    // One that does not answer (any more) shows no clock.
    clock_ = up_ ? offset : std::nullopt;
    ask_at_ = Clock::now() + kClockEach;
    question_.reset();
    spent_.push_back(std::move(question));
  }
  ended_.notify_all();
  wake_.notify_one();
}

bool Link::OnIncoming(Incoming* stream, std::string bytes) {
  bool read_on = true;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || stream != incoming_) return true;
    // Full already: this stream has replaced one that was paused, and its first message is lost.
    if (!inbox_.full()) inbox_.AddMessage(std::move(bytes));
    if (inbox_.full()) {
      paused_ = stream;
      read_on = false;
    }
  }
  wake_.notify_one();
  return read_on;
}

void Link::OnIncomingEnd(Incoming* stream) {
  const std::lock_guard lock(mutex_);
  if (incoming_ == stream) incoming_ = nullptr;
}

void Link::OnFetched(BlockFetch* fetch, std::string block) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_) {
      inbox_.block = std::move(block);
      fetch_until_.reset();
      fetch = nullptr;
    }
  }
  if (fetch != nullptr) fetch->Next();
  blocks_wake_.notify_one();
}

void Link::OnFetchEnd(std::shared_ptr<BlockFetch> fetch, const grpc::Status& status) {
  {
    const std::lock_guard lock(mutex_);
    inbox_.block_ends.push_back(fetch_late_
                                    ? absl::DeadlineExceededError(absl::StrCat(
                                          "no block from ", address_.code.str(), " in time"))
                                    : FromGrpc(status));
    fetch_until_.reset();
    fetch_.reset();
    spent_.push_back(std::move(fetch));
  }
  ended_.notify_all();
  wake_.notify_one();
  blocks_wake_.notify_one();
}

void Link::Run() {
  Lock lock(mutex_);
  while (!stopping_) {
    if (!inbox_.empty()) TellAll(lock);
    LetGo(lock);
    if (stopping_) break;
    const auto now = Clock::now();
    CancelWhatIsLate(now);
    if (!stream_ && now >= dial_at_) {
      Dial(lock);
    } else if (up_ && !question_ && now >= ask_at_) {
      AskTime(lock);
    } else if (inbox_.empty() && spent_.empty()) {
      Sleep(lock);
    }
  }
}

void Link::RunBlocks() {
  Lock lock(mutex_);
  while (!stopping_) {
    if (inbox_.block) {
      TellBlock(lock);
    } else if (!inbox_.block_ends.empty()) {
      TellBlocksEnd(lock);
    } else {
      blocks_wake_.wait(lock);
    }
  }
  if (inbox_.block) {
    const std::shared_ptr<BlockFetch> fetch = fetch_;
    lock.unlock();
    fetch->Next();  // it is cancelled: this ends it
  }
}

// Each kind in turn, so that none waits for ever for another.
void Link::TellAll(Lock& lock) {
  while (!stopping_ && !inbox_.turns.empty()) {
    const absl::Status turn = std::move(inbox_.turns.front());
    inbox_.turns.pop_front();
    lock.unlock();
    if (turn.ok()) {
      events_->OnPeerUp(address_.code);
    } else {
      events_->OnPeerDown(address_.code, turn);
    }
    lock.lock();
  }
  if (!stopping_ && !inbox_.messages.empty()) TellMessages(lock);
}

void Link::TellMessages(Lock& lock) {
  std::deque<std::string> messages = inbox_.TakeMessages();
  for (std::string& message : messages) {
    if (stopping_) return;
    lock.unlock();
    events_->OnMessage(address_.code, std::move(message));
    lock.lock();
  }
  inbox_.Release();
  if (inbox_.full() || paused_ == nullptr) return;
  Incoming* const paused = std::exchange(paused_, nullptr);
  lock.unlock();
  paused->Resume();
  lock.lock();
}

void Link::TellBlock(Lock& lock) {
  std::string block = *std::exchange(inbox_.block, std::nullopt);
  const std::shared_ptr<BlockFetch> fetch = fetch_;
  lock.unlock();
  const bool more = events_->OnBlock(address_.code, std::move(block));
  if (!more) fetch->Cancel();
  lock.lock();
  if (more) fetch_until_ = Clock::now() + kBlockTimeout;
  lock.unlock();
  wake_.notify_one();  // it cancels what is late
  fetch->Next();
  lock.lock();
}

void Link::TellBlocksEnd(Lock& lock) {
  const absl::Status end = std::move(inbox_.block_ends.front());
  inbox_.block_ends.pop_front();
  lock.unlock();
  events_->OnBlocksEnd(address_.code, end);
  lock.lock();
}

void Link::Dial(Lock& lock) {
  const auto channel = channel_ = MakePeerChannel(address_.endpoint, credentials_);
  const auto stream = stream_ = std::make_shared<Outgoing>(shared_from_this());
  dial_until_ = Clock::now() + kDialTimeout;
  dial_late_ = false;
  lock.unlock();
  stream->Begin(channel, stream);
  lock.lock();
}

void Link::AskTime(Lock& lock) {
  const auto channel = channel_;
  const auto question = question_ = std::make_shared<ClockQuestion>(shared_from_this());
  lock.unlock();
  question->Begin(channel, question);
  lock.lock();
}

void Link::LetGo(Lock& lock) {
  auto spent = std::exchange(spent_, {});
  lock.unlock();
  spent.clear();
  lock.lock();
}

void Link::CancelWhatIsLate(Clock::time_point now) {
  if (stream_ && dial_until_ && now >= *dial_until_) {
    dial_late_ = true;
    dial_until_.reset();
    stream_->Cancel();
  }
  if (fetch_ && fetch_until_ && now >= *fetch_until_) {
    fetch_late_ = true;
    fetch_until_.reset();
    fetch_->Cancel();
  }
}

void Link::Sleep(Lock& lock) {
  std::optional<Clock::time_point> until = fetch_until_;
  const auto sooner = [&](Clock::time_point time) {
    until = until ? std::min(*until, time) : time;
  };
  if (!stream_) {
    sooner(dial_at_);
  } else if (dial_until_) {
    sooner(*dial_until_);
  } else if (up_ && !question_) {
    sooner(ask_at_);
  }
  if (until) {
    wake_.wait_until(lock, *until);
  } else {
    wake_.wait(lock);
  }
}

}  // namespace assent::network
