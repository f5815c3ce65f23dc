// A node as its operator asks it: through its Unix socket.
#ifndef ASSENT_CLIENT_COMMANDS_OPERATOR_H_
#define ASSENT_CLIENT_COMMANDS_OPERATOR_H_

#include <filesystem>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "assent/v1/node.grpc.pb.h"
#include "client/commands/command.h"
#include "client/errors.h"
#include "grpcpp/grpcpp.h"

namespace assent::client {

// One call to the node whose socket this is, e.g. &v1::Node::Stub::GetStatus. The node's status,
// with the socket named.
template <class Request, class Response>
absl::StatusOr<Response> AskNode(const std::string& socket, const Invocation& invocation,
                                 grpc::Status (v1::Node::Stub::*method)(grpc::ClientContext*,
                                                                        const Request&, Response*),
                                 const Request& request = Request()) {
  const auto stub = v1::Node::NewStub(grpc::CreateChannel(
      "unix:" + std::filesystem::absolute(socket).string(), grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::seconds(invocation.timeout_s));
  Response response;
  const grpc::Status result = (stub.get()->*method)(&context, request, &response);
  if (!result.ok()) {
    return Prefixed(absl::StrCat("cannot ask the node at ", socket), FromGrpc(result));
  }
  return response;
}

}  // namespace assent::client

#endif  // ASSENT_CLIENT_COMMANDS_OPERATOR_H_
