#include "ledger/entry/proto.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/entry/strict.h"

namespace assent {
namespace {

// All but header and body, which the callers copy or move.
absl::StatusOr<RawEntry> ReadSizes(const v1::Entry& message) {
  const absl::Status known = CheckNoUnknownFields(message);
  if (!known.ok()) return known;
  const auto signature = Signature::From(message.signature());
  if (!signature) {
    return absl::InvalidArgumentError(absl::StrCat("the signature has ", message.signature().size(),
                                                   " bytes, not ", Signature::kSize));
  }
  RawEntry raw;
  raw.signature = *signature;
  if (message.salt().empty() && message.body().empty()) return raw;
  raw.salt = Salt::From(message.salt());
  if (!raw.salt) {
    return absl::InvalidArgumentError(
        absl::StrCat("the salt has ", message.salt().size(), " bytes, not ", Salt::kSize));
  }
  return raw;
}

}  // namespace

v1::Entry ToProto(const Entry& entry) {
  v1::Entry message;
  message.set_header(entry.header_bytes());
  message.set_signature(entry.signature().data(), Signature::kSize);
  if (entry.has_body()) {
    message.set_body(entry.body());
    message.set_salt(entry.salt().data(), Salt::kSize);
  }
  return message;
}

absl::StatusOr<Entry> FromProto(const v1::Entry& message) {
  auto raw = ReadSizes(message);
  if (!raw.ok()) return raw.status();
  raw->header = message.header();
  if (raw->salt) raw->body = message.body();
  return Entry::Parse(*std::move(raw));
}

absl::StatusOr<Entry> FromProto(v1::Entry&& message) {
  auto raw = ReadSizes(message);
  if (!raw.ok()) return raw.status();
  raw->header = std::move(*message.mutable_header());
  if (raw->salt) raw->body = std::move(*message.mutable_body());
  return Entry::Parse(*std::move(raw));
}

}  // namespace assent
