#include "client/block_stream.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"

namespace assent::client {
namespace {

constexpr std::uint32_t kBlocksPerCall = 1'000;
// A server that brings nothing for so long is given up.
constexpr int kEmptyCallsMax = 20;
constexpr std::chrono::milliseconds kPause{500};

}  // namespace

BlockStream::BlockStream(Session& session, Height from, Height to,
                         std::chrono::milliseconds block_timeout)
    : session_(session), next_(from), to_(to), block_timeout_(block_timeout), fetcher_([this] {
        Run();
      }) {}

BlockStream::~BlockStream() {
  {
    const std::lock_guard lock(mutex_);
    Stop();
  }
  fetcher_.join();
}

void BlockStream::Stop() {
  stopped_ = true;
  if (call_ != nullptr) call_->TryCancel();
  changed_.notify_all();
}

absl::Status BlockStream::Stalled() const {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(block_timeout_);
  return absl::DeadlineExceededError(absl::StrCat("the node at ", session_.node(),
                                                  " has sent no block for ", seconds.count(),
                                                  " s: try again, or ask another node"));
}

void BlockStream::NoteBlock() {
  session_.NoteAnswer();
  const std::lock_guard lock(mutex_);
  last_block_ = Clock::now();
}

absl::StatusOr<BlockStream::Batch> BlockStream::Next() {
  std::unique_lock lock(mutex_);
  // How long the blocks before took to check is not the node's fault.
  const auto asked = Clock::now();
  while (ready_.empty() && !done_) {
    const auto deadline = std::max(asked, last_block_) + block_timeout_;
    if (Clock::now() >= deadline) {
      Stop();
      return Stalled();
    }
    changed_.wait_until(lock, deadline);
  }
  if (ready_.empty()) {
    if (!status_.ok()) return status_;
    return Batch();
  }
  Batch batch = std::move(ready_.front());
  ready_.pop_front();
  changed_.notify_all();
  return batch;
}

void BlockStream::Run() {
  int empty_calls = 0;
  absl::Status status;
  while (next_ <= to_) {
    const Height before = next_;
    status = FetchRange();
    empty_calls = next_ == before ? empty_calls + 1 : 0;
    const bool later =
        status.ok() || absl::IsUnavailable(status) || absl::IsResourceExhausted(status);
    {
      const std::lock_guard lock(mutex_);
      if (stopped_ || !later || empty_calls > kEmptyCallsMax) break;
    }
    // The certificate of the newest blocks may not be there yet, or the node restarts.
    if (next_ == before) session_.Pause(kPause);
  }
  const std::lock_guard lock(mutex_);
  if (next_ <= to_) {
    status_ = status.ok() ? absl::UnavailableError("the node sends no more blocks") : status;
  }
  done_ = true;
  changed_.notify_all();
}

absl::Status BlockStream::FetchRange() {
  grpc::ClientContext context;
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return absl::CancelledError("stopped");
    call_ = &context;
  }
  v1::AuditBlocksRequest request;
  request.set_from_height(next_.value());
  request.set_max_blocks(static_cast<std::uint32_t>(
      std::min<std::uint64_t>(kBlocksPerCall, to_.value() - next_.value() + 1)));
  const auto stream = session_.stub().AuditBlocks(&context, request);
  Batch batch;
  std::size_t bytes = 0;
  v1::FinalBlock block;
  while (stream->Read(&block)) {
    bytes += block.ByteSizeLong();
    batch.push_back(std::move(block));
    next_ = next_.next();
    NoteBlock();
    if (batch.size() == kBatchBlocksMax || bytes >= kBatchBytesMax) {
      if (!Put(std::exchange(batch, {}))) break;
      bytes = 0;
    }
  }
  if (!batch.empty()) Put(std::move(batch));
  {
    const std::lock_guard lock(mutex_);
    call_ = nullptr;
    if (stopped_) context.TryCancel();
  }
  const grpc::Status status = stream->Finish();
  if (status.ok()) session_.NoteAnswer();
  return session_.Explain(status);
}

bool BlockStream::Put(Batch batch) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return stopped_ || ready_.size() < kBatchesAheadMax; });
  if (stopped_) return false;
  ready_.push_back(std::move(batch));
  changed_.notify_all();
  return true;
}

}  // namespace assent::client
