#include "client/session.h"

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/act_file.h"
#include "client/channel.h"
#include "client/errors.h"
#include "client/key_store.h"
#include "ledger/limits.h"
#include "transport/credentials.h"
#include "transport/refusal.h"

namespace assent::client {
namespace {

// The transport keys that the node may show: the one given, or that of `member`, or, when none is
// named, of any founder. All are nodes of this ledger; whatever they say is checked.
absl::StatusOr<std::vector<PublicKey>> PinnedKeys(const FoundingAct& act,
                                                  const Settings& settings) {
  const std::string& member = settings.member;
  if (!settings.node_key.empty()) {
    const auto key = PublicKey::FromHexText(settings.node_key);
    if (!key) return UsageError("--node-key is not a key of 64 hexadecimal digits");
    return std::vector<PublicKey>{*key};
  }
  if (!member.empty()) {
    const auto founder = FounderOf(act, member);
    if (!founder.ok()) return founder.status();
    return std::vector<PublicKey>{(*founder)->transport_key};
  }
  std::vector<PublicKey> keys;
  for (const Founder& founder : act.text.founders) keys.push_back(founder.transport_key);
  return keys;
}

absl::Status Needed(std::string_view name) {
  return UsageError(absl::StrCat("--", AbslView(name), " is needed (or \"", AbslView(name),
                                 "\" in the configuration file)"));
}

}  // namespace

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  if (const auto refusal = transport::RefusalOf(status)) {
    return RefusedError(refusal->reason, refusal->message);
  }
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
}

bool MaySucceedLater(const grpc::Status& status) {
  if (transport::RefusalOf(status) && transport::RetryAfterOf(status).count() == 0) return false;
  return status.error_code() == grpc::StatusCode::UNAVAILABLE ||
         status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED;
}

Retry::Retry(Clock::time_point deadline, std::function<void(Clock::duration)> sleep)
    : deadline_(deadline), sleep_(std::move(sleep)) {}

bool Retry::Again(const grpc::Status& status) {
  if (!MaySucceedLater(status)) return false;
  const auto pause = std::max<Clock::duration>(pause_, transport::RetryAfterOf(status));
  if (Clock::now() + pause >= deadline_) return false;
  sleep_(pause);
  pause_ = std::min<Clock::duration>(pause_ * 2, kRetryMax);
  return true;
}

absl::StatusOr<std::unique_ptr<Session>> Session::Open(const Settings& settings,
                                                       std::chrono::seconds call_timeout) {
  if (settings.act.empty()) return Needed("act");
  if (settings.node.empty()) return Needed("node");
  auto act = LoadAct(settings.act);
  if (!act.ok()) return act.status();
  auto channel = MakeChannel(settings, *act);
  if (!channel.ok()) return channel.status();
  return std::unique_ptr<Session>(
      new Session(*std::move(act), settings.node, *std::move(channel), call_timeout));
}

absl::StatusOr<std::shared_ptr<grpc::Channel>> MakeChannel(const Settings& settings,
                                                           const FoundingAct& act) {
  auto pinned = PinnedKeys(act, settings);
  if (!pinned.ok()) return pinned.status();
  std::optional<SecretSeed> reader;
  if (!settings.reader.empty()) {
    auto seed = LoadPlainKey(settings.reader, KeyPurpose::kReader);
    if (!seed.ok()) return seed.status();
    reader = *std::move(seed);
  }
  auto credentials = transport::ClientCredentials(reader ? &*reader : nullptr, *std::move(pinned));
  if (!credentials.ok()) return credentials.status();
  grpc::ChannelArguments arguments = transport::ClientArguments();
  arguments.SetMaxReceiveMessageSize(static_cast<int>(kGrpcMessageBytesMax));
  // A node that restarts is back in a second or two; gRPC would wait up to two minutes by itself.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, static_cast<int>(kRetryFirst.count()));
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, static_cast<int>(kRetryMax.count()));
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, static_cast<int>(kKeepalive.count()));
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, static_cast<int>(kKeepaliveTimeout.count()));
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);  // as many as it takes
  return grpc::CreateCustomChannel(settings.node, *credentials, arguments);
}

Session::Session(FoundingAct act, std::string node, std::shared_ptr<grpc::Channel> channel,
                 std::chrono::seconds call_timeout)
    : act_(std::move(act)),
      node_(std::move(node)),
      channel_(std::move(channel)),
      stub_(v1::Ledger::NewStub(channel_)),
      call_timeout_(call_timeout) {}

bool Session::Unreached(const grpc::Status& status) const {
  return status.error_code() == grpc::StatusCode::UNAVAILABLE && !answered_ &&
         !transport::RefusalOf(status);
}

absl::Status Session::Explain(const grpc::Status& status) const {
  if (Unreached(status)) {
    return absl::UnavailableError(
        absl::StrCat("cannot reach the node at ", node_, ": ", status.error_message(),
                     "; does it run, and is it the node of this member?"));
  }
  if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    return absl::DeadlineExceededError(
        absl::StrCat("no answer from the node at ", node_, " in time (--timeout)"));
  }
  return FromGrpc(status);
}

void Session::Pause(std::chrono::milliseconds duration) {
  if (channel_->GetState(true) == GRPC_CHANNEL_READY) {
    std::this_thread::sleep_for(duration);
  } else {
    channel_->WaitForConnected(std::chrono::system_clock::now() + duration);
  }
}

absl::Status Session::WithRetries(std::chrono::seconds timeout,
                                  const std::function<grpc::Status(grpc::ClientContext&)>& call) {
  const auto whole = timeout.count() == 0 ? call_timeout_ : timeout;
  const auto start = Retry::Clock::now();
  const auto patience = answered_ ? whole : std::min<std::chrono::seconds>(whole, kConnectPatience);
  Retry retry(start + patience, [this](Retry::Clock::duration pause) {
    Pause(std::chrono::duration_cast<std::chrono::milliseconds>(pause));
  });
  grpc::Status before;
  while (true) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + whole - (Retry::Clock::now() - start));
    const grpc::Status status = call(context);
    if (status.ok()) {
      answered_ = true;
      return absl::OkStatus();
    }
    if (!retry.Again(status)) {
      // The last try may have had no time left to find out what the one before it did.
      const bool cut_short = status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED;
      return Explain(cut_short && Unreached(before) ? before : status);
    }
    before = status;
  }
}

}  // namespace assent::client
