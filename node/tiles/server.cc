#include "node/tiles/server.h"

#include <array>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "civetweb.h"
#include "node/quota/thread_priority.h"
#include "node/tiles/content.h"
#include "node/tiles/path.h"

namespace assent::tiles {
namespace {

constexpr std::string_view kText = "text/plain; charset=utf-8";
constexpr std::string_view kTileType = "application/octet-stream";
// A tile of a name never changes; a checkpoint is replaced every second or so.
constexpr std::string_view kForEver = "public, max-age=31536000, immutable";
constexpr std::string_view kAskAgain = "no-cache";

struct Reply {
  std::string_view status;
  std::string_view type = kText;
  std::string_view caching = kAskAgain;
  std::string body;
};

void Send(mg_connection* connection, const Reply& reply, bool with_body) {
  std::string message = absl::StrCat(
      "HTTP/1.1 ", AbslView(reply.status), "\r\nContent-Type: ", AbslView(reply.type),
      "\r\nContent-Length: ", reply.body.size(), "\r\nCache-Control: ", AbslView(reply.caching),
      "\r\nAccess-Control-Allow-Origin: *\r\nX-Content-Type-Options: nosniff\r\n"
      "Connection: close\r\n\r\n");
  if (with_body) message += reply.body;
  mg_write(connection, message.data(), message.size());
}

Reply ReplyOf(absl::StatusOr<std::string> content, const TilePath& path) {
  if (absl::IsNotFound(content.status())) {
    return {.status = "404 Not Found", .body = "not there yet\n"};
  }
  if (!content.ok()) {
    return {.status = "500 Internal Server Error", .body = "the node cannot read it\n"};
  }
  const bool tile = path.kind != TilePath::Kind::kCheckpoint;
  return {.status = "200 OK",
          .type = tile ? kTileType : kText,
          .caching = tile ? kForEver : kAskAgain,
          .body = *std::move(content)};
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const std::string& address,
                                                      const replica::Store* store,
                                                      std::string origin) {
  const std::string threads = std::to_string(kThreads);
  const std::string waiting = std::to_string(kWaitingMax);
  const std::string timeout = std::to_string(kRequestTimeoutMs);
  const std::string bytes = std::to_string(kRequestBytesMax);
  std::array<const char*, 17> options = {"listening_ports",
                                         address.c_str(),  //
                                         "num_threads",
                                         threads.c_str(),  //
                                         "connection_queue",
                                         waiting.c_str(),  //
                                         "listen_backlog",
                                         waiting.c_str(),  //
                                         "request_timeout_ms",
                                         timeout.c_str(),  //
                                         "max_request_size",
                                         bytes.c_str(),  //
                                         "enable_keep_alive",
                                         "no",  //
                                         "decode_url",
                                         "no",  //
                                         nullptr};
  std::unique_ptr<Server> server(new Server(store, std::move(origin)));
  std::array<char, 256> why = {};
  mg_error_data error{nullptr, why.data(), why.size()};
  mg_callbacks callbacks{};
  callbacks.init_thread = [](const mg_context*, int) -> void* {
    quota::LowerPriority(quota::kStrangerNice);
    return nullptr;
  };
  mg_init_data init{&callbacks, server.get(), options.data()};
  server->context_ = mg_start2(&init, &error);
  if (server->context_ == nullptr) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot serve tiles on ", address, ": ", why.data()));
  }
  mg_set_request_handler(server->context_, "/", &Server::OnRequest, server.get());
  return server;
}

Server::~Server() {
  if (context_ != nullptr) mg_stop(context_);
}

int Server::port() const {
  mg_server_port bound{};
  return mg_get_server_ports(context_, 1, &bound) == 1 ? bound.port : 0;
}

int Server::OnRequest(mg_connection* connection, void* server) {
  static_cast<const Server*>(server)->Answer(connection);
  return 1;  // anything but 0: it has been answered
}

void Server::Answer(mg_connection* connection) const {
  const mg_request_info& request = *mg_get_request_info(connection);
  const std::string_view method = request.request_method;
  const std::string_view uri = request.local_uri_raw == nullptr ? "" : request.local_uri_raw;
  if (method != "GET" && method != "HEAD") {
    return Send(connection, {.status = "405 Method Not Allowed", .body = "GET or HEAD\n"}, true);
  }
  const auto path = uri.starts_with('/') ? ParsePath(uri.substr(1)) : std::nullopt;
  if (!path || request.query_string != nullptr) {
    return Send(connection, {.status = "404 Not Found", .body = "no tile has this name\n"},
                method == "GET");
  }
  Send(connection, ReplyOf(ReadTile(*store_->Read(), origin_, *path), *path), method == "GET");
}

}  // namespace assent::tiles
