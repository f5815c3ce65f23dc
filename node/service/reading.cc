#include "node/service/reading.h"

#include <google/protobuf/util/json_util.h>

#include <string_view>
#include <utility>

#include "node/inspection/log_read.h"
#include "transport/refusal.h"

namespace assent::service {
namespace {

// "ListEntries" for ListEntriesRequest.
std::string MethodOf(const google::protobuf::Message& request) {
  constexpr std::string_view kSuffix = "Request";
  std::string name = request.GetDescriptor()->name();
  if (std::string_view(name).ends_with(kSuffix)) name.resize(name.size() - kSuffix.size());
  return name;
}

std::string AsText(const google::protobuf::Message& request) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string text;
  return google::protobuf::util::MessageToJsonString(request, &text, options).ok() ? text : "?";
}

std::shared_ptr<const google::protobuf::Message> Copy(const google::protobuf::Message& request) {
  std::shared_ptr<google::protobuf::Message> copy(request.New());
  copy->CopyFrom(request);
  return copy;
}

}  // namespace

Reading::Reading(const Backend* backend, const Caller& caller,
                 const google::protobuf::Message& request)
    : backend_(backend),
      key_(caller.key),
      method_(MethodOf(request)),
      request_(caller.key ? Copy(request) : nullptr) {}

grpc::Status Reading::Resolve(const replica::ReadView& view, query::Reader& reader) {
  const std::lock_guard lock(mutex_);
  reader = query::ResolveReader(view, key_);
  if (const auto lost = query::LostRights(view, resolved_, reader)) {
    return transport::RefusalStatus(grpc::StatusCode::PERMISSION_DENIED, *lost);
  }
  resolved_ = reader;
  return grpc::Status::OK;
}

grpc::Status Reading::Check() {
  {
    const std::lock_guard lock(mutex_);
    if (resolved_.rights == query::Rights::kAnonymous) return grpc::Status::OK;
  }
  query::Reader reader;
  return Resolve(*backend_->store->Read(), reader);
}

grpc::Status Reading::Log(const replica::ReadView& view, const query::Reader& reader) const {
  if (reader.rights != query::Rights::kInspector) return grpc::Status::OK;
  const auto unlogged =
      inspection::LogRead(backend_->read_log, backend_->clock->Wall(), view.tip().header.height,
                          *key_, reader, {method_, AsText(*request_)});
  if (!unlogged) return grpc::Status::OK;
  return transport::RefusalStatus(grpc::StatusCode::UNAVAILABLE, *unlogged);
}

}  // namespace assent::service
