// What a call may read, as long as that may change while it is under way; and that nothing is read
// by an inspector without being logged.
#ifndef ASSENT_NODE_SERVICE_READING_H_
#define ASSENT_NODE_SERVICE_READING_H_

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "google/protobuf/message.h"
#include "grpcpp/support/status.h"
#include "ledger/bytes.h"
#include "node/query/reader.h"
#include "node/replica/store.h"
#include "node/service/backend.h"
#include "node/service/call_limit.h"

namespace assent::service {

// One call that reads. Any thread.
class Reading {
 public:
  // `backend` outlives it. Copies of `request` what the log may need.
  Reading(const Backend* backend, const Caller& caller, const google::protobuf::Message& request);

  // Who asks, by what is final in `view`. Not Ok when it could see more at an earlier Resolve of
  // this call than it may now: PERMISSION_DENIED, with a refusal that says why and whom to ask.
  grpc::Status Resolve(const replica::ReadView& view, query::Reader& reader);
  // The same by what is final now, for a call that has an answer under way. Reads nothing for who
  // has no rights to lose.
  grpc::Status Check();
  // Before what `reader` has been let see is sent. Not Ok: it must not be sent, since it cannot be
  // logged.
  grpc::Status Log(const replica::ReadView& view, const query::Reader& reader) const;

 private:
  const Backend* const backend_;
  const std::optional<PublicKey> key_;
  const std::string method_;                                  // "ListEntries"
  std::shared_ptr<const google::protobuf::Message> request_;  // where there is a key

  std::mutex mutex_;
  query::Reader resolved_;  // by the newest Resolve
};

}  // namespace assent::service

#endif  // ASSENT_NODE_SERVICE_READING_H_
