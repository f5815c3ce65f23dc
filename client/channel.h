// A connection to a node whose TLS key is pinned.
#ifndef ASSENT_CLIENT_CHANNEL_H_
#define ASSENT_CLIENT_CHANNEL_H_

#include <memory>

#include "absl/status/statusor.h"
#include "client/settings.h"
#include "grpcpp/grpcpp.h"
#include "ledger/act/founding_act.h"

namespace assent::client {

// To settings.node, which must show the key that settings.node_key is, that `act` names for
// settings.member, or that of any founder. As settings.reader, when there is one. Nothing is
// dialled yet.
absl::StatusOr<std::shared_ptr<grpc::Channel>> MakeChannel(const Settings& settings,
                                                           const FoundingAct& act);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_CHANNEL_H_
