#include "node/service/reading.h"

#include <google/protobuf/util/json_util.h>

#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "node/inspection/limits.h"
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

// As JSON, cut when it is long.
std::string AsText(const google::protobuf::Message& request) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string text;
  if (!google::protobuf::util::MessageToJsonString(request, &text, options).ok()) return "?";
  if (text.size() <= inspection::kAskedBytesMax) return text;
  std::size_t end = inspection::kAskedBytesMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "...";
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
  v1::InspectorRead read;
  read.set_time(FormatTime(backend_->clock->Wall()));
  read.set_height(view.tip().header.height.value());
  read.set_key(key_->hex());
  for (const rules::AccreditationView& given : reader.accreditations) {
    read.add_accreditations(given.index.value());
  }
  read.set_method(method_);
  read.set_asked(AsText(*request_));
  read.set_bodies(reader.bodies);
  if (backend_->read_log != nullptr && backend_->read_log->Append(read).ok()) {
    return grpc::Status::OK;
  }
  return transport::RefusalStatus(
      grpc::StatusCode::UNAVAILABLE,
      {"READ_NOT_LOGGED",
       "this node cannot log what inspectors read at present, and answers none unlogged: ask "
       "another node, or tell its operator",
       method_});
}

}  // namespace assent::service
