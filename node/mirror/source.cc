#include "node/mirror/source.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/block/header.h"
#include "ledger/limits.h"
#include "node/mirror/limits.h"
#include "transport/credentials.h"

namespace assent::mirror {
namespace {

using std::chrono::steady_clock;

int Ms(std::chrono::milliseconds duration) { return static_cast<int>(duration.count()); }

absl::Status FromGrpc(const grpc::Status& status) {
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
}

std::shared_ptr<grpc::Channel> MakeChannel(
    const std::string& endpoint, const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  grpc::ChannelArguments arguments = transport::ClientArguments();
  arguments.SetMaxReceiveMessageSize(static_cast<int>(kGrpcMessageBytesMax));
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, Ms(kBackoffFirst));
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, Ms(kBackoffFirst));
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, Ms(kBackoffMax));
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, Ms(kKeepalive));
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, Ms(kKeepaliveTimeout));
  return grpc::CreateCustomChannel(endpoint, credentials, arguments);
}

// Without all bodies the rules cannot be applied, and nothing that follows is stored.
absl::Status CheckComplete(const v1::FinalBlock& block) {
  const auto hidden = [](const v1::Entry& entry) { return entry.salt().empty(); };
  if (std::none_of(block.entries().begin(), block.entries().end(), hidden)) {
    return absl::OkStatus();
  }
  const auto header = ParseBlockHeader(block.header());
  if (!header.ok()) return header.status();
  return absl::PermissionDeniedError(absl::StrCat(
      "it does not show all bodies of block ", header->height.value(),
      ": a member must accredit this mirror's transport key as an inspector of all bodies"));
}

}  // namespace

Source::Source(SourceAddress address, const LedgerId& ledger, const transport::Certificate* own,
               Listener* listener, replica::PeerEvents* events)
    : address_(std::move(address)),
      ledger_(ledger),
      listener_(listener),
      events_(events),
      backoff_(kBackoffFirst, kBackoffMax,
               static_cast<std::uint32_t>(std::hash<std::string>()(address_.endpoint))) {
  const auto expected = [pinned = pinned_](const PublicKey& shown) {
    const std::lock_guard lock(pinned->mutex);
    return pinned->key == shown;
  };
  stub_ = v1::Ledger::NewStub(
      MakeChannel(address_.endpoint, transport::ChannelCredentials(own, expected)));
}

void Source::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    if (call_ != nullptr) call_->TryCancel();
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Source::RequestBlocks(Height first, std::uint32_t max_blocks) {
  bool busy = false;
  {
    const std::lock_guard lock(mutex_);
    busy = request_.has_value();
    if (!busy) request_ = Request{first, max_blocks};
  }
  if (busy) {
    return events_->OnBlocksEnd(address_.name,
                                absl::FailedPreconditionError("another range is under way"));
  }
  wake_.notify_all();
}

void Source::CancelBlocks() {
  const std::lock_guard lock(mutex_);
  if (!request_) return;
  cancelled_ = true;
  if (fetching_ && call_ != nullptr) call_->TryCancel();
}

network::LinkStatus Source::Status() const {
  network::LinkStatus status;
  status.code = address_.name;
  status.endpoint = address_.endpoint;
  const std::lock_guard lock(mutex_);
  status.sending = status.receiving = state_ && state_->ok();
  status.last_error = state_ && !state_->ok() ? std::string(state_->message()) : withheld_;
  return status;
}

void Source::Run() {
  steady_clock::time_point next_poll = steady_clock::now();
  while (true) {
    std::optional<Request> request;
    {
      std::unique_lock lock(mutex_);
      wake_.wait_until(lock, next_poll, [this] { return stopping_ || request_; });
      if (stopping_) return;
      request = request_;
      fetching_ = request.has_value();
    }
    if (request) {
      Fetch(*request);
      continue;
    }
    Poll();
    const bool good = Status().sending;
    if (good) backoff_.Reset();
    next_poll = steady_clock::now() + (good ? kPollInterval : backoff_.Next());
  }
}

std::unique_ptr<grpc::ClientContext> Source::BeginCall() {
  auto context = std::make_unique<grpc::ClientContext>();
  const std::lock_guard lock(mutex_);
  if (stopping_ || (fetching_ && cancelled_)) return nullptr;
  call_ = context.get();
  return context;
}

void Source::EndCall() {
  const std::lock_guard lock(mutex_);
  call_ = nullptr;
}

void Source::Tell(const absl::Status& status) {
  bool changed = false;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    changed = !state_ || state_->ok() != status.ok();
    state_ = status;
  }
  if (!changed) return;
  if (status.ok()) {
    events_->OnPeerUp(address_.name);
  } else {
    events_->OnPeerDown(address_.name, status);
  }
}

absl::Status Source::AskForHeight(Height& height) {
  {
    const std::optional<PublicKey> key = listener_->KeyOf(address_);
    if (!key) {
      return absl::FailedPreconditionError(
          absl::StrCat("no member ", address_.name.str(),
                       " with a node is known here: say NAME=host:port=KEY in mirror.sources"));
    }
    const std::lock_guard lock(pinned_->mutex);
    pinned_->key = key;
  }
  const auto context = BeginCall();
  if (context == nullptr) return absl::CancelledError("stopping");
  context->set_deadline(std::chrono::system_clock::now() + kCallTimeout);
  v1::LedgerStatus status;
  const grpc::Status done =
      stub_->GetLedgerStatus(context.get(), v1::GetLedgerStatusRequest(), &status);
  EndCall();
  if (!done.ok()) return FromGrpc(done);
  if (status.ledger_id() != ledger_.view()) {
    return absl::FailedPreconditionError("it is a node of another ledger");
  }
  height = Height(status.height());
  return absl::OkStatus();
}

void Source::Poll() {
  Height height;
  const absl::Status status = AskForHeight(height);
  Tell(status);
  if (!status.ok()) return;
  listener_->OnHeight(address_.name, height);
  if (listener_->CheckpointHeight() < height) AskForCheckpoint();
}

// That there is none yet, or that the next one is still being signed, is no fault.
void Source::AskForCheckpoint() {
  const auto context = BeginCall();
  if (context == nullptr) return;
  context->set_deadline(std::chrono::system_clock::now() + kCallTimeout);
  v1::Checkpoint checkpoint;
  const grpc::Status done =
      stub_->GetCheckpoint(context.get(), v1::GetCheckpointRequest(), &checkpoint);
  EndCall();
  if (done.ok()) {
    listener_->OnCheckpoint(address_.name, Height(checkpoint.height()), checkpoint.note());
  }
}

absl::Status Source::ReadBlocks(const Request& request) {
  const auto context = BeginCall();
  if (context == nullptr) return absl::CancelledError("not wanted any more");
  v1::AuditBlocksRequest message;
  message.set_from_height(request.first.value());
  message.set_max_blocks(request.max_blocks);
  const auto reader = stub_->AuditBlocks(context.get(), message);
  absl::Status status;
  v1::FinalBlock block;
  while (reader->Read(&block)) {
    status = CheckComplete(block);
    if (status.ok() && events_->OnBlock(address_.name, block.SerializeAsString())) continue;
    context->TryCancel();
    break;
  }
  const grpc::Status done = reader->Finish();
  EndCall();
  return status.ok() ? FromGrpc(done) : status;
}

void Source::Fetch(const Request& request) {
  const absl::Status status = ReadBlocks(request);
  {
    const std::lock_guard lock(mutex_);
    request_.reset();
    fetching_ = false;
    cancelled_ = false;
    if (status.ok() || absl::IsPermissionDenied(status)) {
      withheld_ = std::string(status.message());
    }
    if (stopping_) return;
  }
  events_->OnBlocksEnd(address_.name, status);
}

}  // namespace assent::mirror
