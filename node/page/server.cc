#include "node/page/server.h"

#include <civetweb.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstring>
#include <optional>
#include <semaphore>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "node/page/access.h"
#include "node/page/events.h"
#include "node/page/limits.h"
#include "node/page/request.h"
#include "node/page/routes.h"
#include "node/page/sign_in.h"
#include "node/quota/thread_priority.h"

namespace assent::page {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kEvents = "text/event-stream";
// Nothing is loaded, run, sent or framed but what this server gives.
constexpr std::string_view kSecurity =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src "
    "'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(), geolocation=(), microphone=()\r\n";

const char* Reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 303:
      return "See Other";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 413:
      return "Content Too Large";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    default:
      return "Internal Server Error";
  }
}

// False: the reader has gone, or is too slow.
bool Write(mg_connection* connection, std::string_view bytes) {
  const auto deadline = Clock::now() + kAnswerTimeout;
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, kWriteBytesMax);
    if (Clock::now() > deadline) return false;
    const int written = mg_write(connection, part.data(), part.size());
    if (written != static_cast<int>(part.size())) return false;
    bytes.remove_prefix(part.size());
  }
  return true;
}

std::string HeaderLines(int status, std::string_view type) {
  return absl::StrCat("HTTP/1.1 ", status, " ", Reason(status),
                      "\r\nContent-Type: ", AbslView(type), "\r\nConnection: close\r\n",
                      AbslView(kSecurity));
}

int Send(mg_connection* connection, const Response& response, bool with_body) {
  std::string head = HeaderLines(response.status, response.type);
  absl::StrAppend(&head, "Content-Length: ", response.body.size(), "\r\n");
  for (const auto& [name, value] : response.headers) {
    absl::StrAppend(&head, name, ": ", value, "\r\n");
  }
  head += "\r\n";
  if (Write(connection, head) && with_body) Write(connection, response.body);
  return response.status;
}

std::string HeaderOf(const mg_connection* connection, const char* name) {
  const char* value = mg_get_header(connection, name);
  return value == nullptr ? "" : value;
}

// Of first line and headers, nearly.
std::size_t SizeOf(const mg_request_info& info) {
  std::size_t size = info.request_uri == nullptr ? 0 : std::strlen(info.request_uri);
  if (info.query_string != nullptr) size += std::strlen(info.query_string);
  for (int i = 0; i < info.num_headers; ++i) {
    size += std::strlen(info.http_headers[i].name) + std::strlen(info.http_headers[i].value) + 4;
  }
  return size;
}

// A form that another site has a browser send is refused. Who sends neither header is no browser of
// these days, or has them left out by a proxy.
bool FromElsewhere(const mg_connection* connection) {
  const std::string site = HeaderOf(connection, "Sec-Fetch-Site");
  if (!site.empty()) return site != "same-origin" && site != "none";
  const std::string origin = HeaderOf(connection, "Origin");
  if (origin.empty() || origin == "null") return false;
  const std::size_t host = origin.find("://");
  return host == std::string::npos || origin.substr(host + 3) != HeaderOf(connection, "Host");
}

Request RequestOf(const mg_connection* connection, const mg_request_info& info) {
  Request request;
  request.path = info.local_uri == nullptr ? "" : info.local_uri;
  request.json = WantsJson(HeaderOf(connection, "Accept"));
  ReadQuery(info.query_string == nullptr ? "" : info.query_string, request);
  return request;
}

}  // namespace

class Server::Running {
 public:
  Running(Backend backend, Bell* bell) : backend_(std::move(backend)), bell_(bell) {}
  ~Running() {
    bell_->Close();
    if (context_ != nullptr) mg_stop(context_);
    if (initialized_) mg_exit_library();
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  absl::Status Listen(const std::string& address);
  int port() const {
    mg_server_port port{};
    return mg_get_server_ports(context_, 1, &port) == 1 ? port.port : 0;
  }

 private:
  int Handle(mg_connection* connection);
  int TakeForm(mg_connection* connection, Request& request);
  int Watch(mg_connection* connection, const Request& request, bool with_body);
  // The next events for who watches; nothing when the watch is over.
  std::optional<Events> Next(const Request& request, Visitor& visitor, const Cursor& cursor) const;

  const Backend backend_;
  Bell* const bell_;
  std::counting_semaphore<kAnswersMax> places_{kAnswersMax};
  std::atomic<int> watchers_ = 0;
  bool initialized_ = false;
  mg_context* context_ = nullptr;
};

absl::Status Server::Running::Listen(const std::string& address) {
  mg_init_library(MG_FEATURES_DEFAULT);
  initialized_ = true;
  mg_callbacks callbacks{};
  callbacks.init_thread = [](const mg_context*, int) -> void* {
    quota::LowerPriority(quota::kStrangerNice);
    return nullptr;
  };
  callbacks.begin_request = [](mg_connection* connection) {
    return static_cast<Running*>(mg_get_request_info(connection)->user_data)->Handle(connection);
  };
  // What civetweb refuses before that.
  callbacks.http_error = [](mg_connection* connection, int status, const char*) {
    Send(connection, {status, "text/plain; charset=utf-8", absl::StrCat(Reason(status), "\n"), {}},
         true);
    return 0;
  };
  callbacks.log_message = [](const mg_connection*, const char*) { return 1; };
  const std::string threads = std::to_string(kAnswerThreads + kWatchersMax);
  const std::string waiting = std::to_string(kWaitingMax);
  const std::string timeout = std::to_string(kRequestTimeout.count());
  const std::string request = std::to_string(kReadBytesMax);
  const std::array<const char*, 19> options = {"listening_ports",
                                               address.c_str(),
                                               "num_threads",
                                               threads.c_str(),
                                               "connection_queue",
                                               waiting.c_str(),
                                               "listen_backlog",
                                               waiting.c_str(),
                                               "request_timeout_ms",
                                               timeout.c_str(),
                                               "max_request_size",
                                               request.c_str(),
                                               "enable_keep_alive",
                                               "no",
                                               "enable_directory_listing",
                                               "no",
                                               "decode_url",
                                               "yes",
                                               nullptr};
  std::array<char, 256> why{};
  mg_init_data init{&callbacks, this, const_cast<const char**>(options.data())};
  unsigned code = 0;
  mg_error_data error{&code, why.data(), why.size()};
  context_ = mg_start2(&init, &error);
  if (context_ != nullptr) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("cannot serve the page on ", address, ": ", why.data()));
}

int Server::Running::Handle(mg_connection* connection) {
  const mg_request_info& info = *mg_get_request_info(connection);
  const std::string_view method = info.request_method;
  const bool with_body = method != "HEAD";
  Request request = RequestOf(connection, info);
  const bool takes_form = request.path == kSignInPath || request.path == kSignOutPath;
  const auto fail = [&](int status, const std::string& message) {
    Response response = Failure(backend_, request, status, message);
    if (status == 405) {
      response.headers.emplace_back("Allow", takes_form ? "GET, HEAD, POST" : "GET, HEAD");
    }
    return Send(connection, response, with_body);
  };
  if (SizeOf(info) > kRequestBytesMax) return fail(431, "the request's headers are too long");
  if (takes_form && method == "POST") return TakeForm(connection, request);
  if (method != "GET" && method != "HEAD") return fail(405, "this page can only be read");
  if (info.content_length > 0 || !HeaderOf(connection, "Transfer-Encoding").empty()) {
    return fail(413, "a request has no body here");
  }
  ReadToken(HeaderOf(connection, "Authorization"), HeaderOf(connection, "Cookie"), request);
  if (request.path == kEventsPath) return Watch(connection, request, with_body);
  if (!places_.try_acquire_for(kAnswerPatience)) {
    return fail(503, "too many answers are under way at this node; try again later");
  }
  const Response response = Answer(backend_, request);
  places_.release();
  return Send(connection, response, with_body);
}

int Server::Running::TakeForm(mg_connection* connection, Request& request) {
  const mg_request_info& info = *mg_get_request_info(connection);
  const auto fail = [&](int status, const std::string& message) {
    return Send(connection, Failure(backend_, request, status, message), true);
  };
  if (FromElsewhere(connection)) return fail(403, "this form was sent by another site");
  if (!HeaderOf(connection, "Transfer-Encoding").empty() || info.content_length < 0 ||
      info.content_length > static_cast<long long>(kFormBytesMax)) {
    return fail(413, "a form has its length, and is short");
  }
  std::string form(static_cast<std::size_t>(info.content_length), '\0');
  for (std::size_t got = 0; got < form.size();) {
    const int count = mg_read(connection, form.data() + got, form.size() - got);
    if (count <= 0) return fail(400, "the form ends too early");
    got += static_cast<std::size_t>(count);
  }
  if (request.path == kSignOutPath) return Send(connection, SignOut(), true);
  ReadForm(form, request);
  if (!places_.try_acquire_for(kAnswerPatience)) {
    return fail(503, "too many answers are under way at this node; try again later");
  }
  const Response response = SignIn(backend_, request);
  places_.release();
  return Send(connection, response, true);
}

int Server::Running::Watch(mg_connection* connection, const Request& request, bool with_body) {
  struct Place {
    explicit Place(std::atomic<int>& all) : taken(all), got(all.fetch_add(1) < kWatchersMax) {}
    ~Place() { taken.fetch_sub(1); }
    std::atomic<int>& taken;
    const bool got;
  } const place(watchers_);
  if (!place.got) {
    bell_->Ring();  // the others write something, and those that nobody reads any more end
    return Send(
        connection,
        Failure(backend_, request, 503, "too many readers watch at this node; ask again later"),
        with_body);
  }
  auto cursor = CursorOf(HeaderOf(connection, "Last-Event-ID"), request.Get("from"),
                         backend_.store->Read()->tip().header.tree_size);
  if (!cursor.ok()) {
    return Send(connection,
                Failure(backend_, request, 400, std::string(StdView(cursor.status().message()))),
                with_body);
  }
  const auto view = backend_.store->Read();
  auto visitor = VisitorOf(backend_, *view, request.token);
  if (!visitor.ok()) {
    return Send(connection, Denial(backend_, request, visitor.status()), with_body);
  }
  std::string head = HeaderLines(200, kEvents);
  // A proxy that gathers what it passes on would hold events back.
  absl::StrAppend(&head, "Cache-Control: no-store\r\nX-Accel-Buffering: no\r\n\r\n");
  if (!Write(connection, head) || !with_body) return 200;
  if (!Write(connection, absl::StrCat("retry: ", kWatchRetry.count(), "\n\n"))) return 200;
  while (true) {
    const std::uint64_t heard = bell_->rung();
    places_.acquire();
    const auto events = Next(request, *visitor, *cursor);
    places_.release();
    if (!events) return 200;
    // Something is written each time, so that a reader who has gone is noticed.
    if (!Write(connection, events->text.empty() ? ":\n\n" : events->text)) return 200;
    *cursor = events->cursor;
    if (events->more) continue;
    if (!bell_->Wait(heard, kWatchHeartbeat) || !bell_->Pause(kWatchPause)) return 200;
  }
}

std::optional<Events> Server::Running::Next(const Request& request, Visitor& visitor,
                                            const Cursor& cursor) const {
  const auto view = backend_.store->Read();
  auto now = VisitorOf(backend_, *view, request.token);
  if (!now.ok() || query::LostRights(*view, visitor.reader, now->reader)) return std::nullopt;
  visitor = *std::move(now);
  auto events = EventsFrom(*view, visitor.reader, cursor);
  if (!events.ok()) return std::nullopt;
  const bool tells = events->cursor.next != cursor.next;
  if (tells && !LogVisit(backend_, *view, visitor, request).ok()) return std::nullopt;
  return *std::move(events);
}

Server::Server(std::unique_ptr<Running> running) : running_(std::move(running)) {}
Server::~Server() = default;

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const std::string& address, Backend backend,
                                                      Bell* bell) {
  auto running = std::make_unique<Running>(std::move(backend), bell);
  if (absl::Status status = running->Listen(address); !status.ok()) return status;
  return std::unique_ptr<Server>(new Server(std::move(running)));
}

int Server::port() const { return running_->port(); }

}  // namespace assent::page
