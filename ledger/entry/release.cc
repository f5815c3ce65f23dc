#include "ledger/entry/release.h"

#include <cstdint>

#include "assent/v1/entry.pb.h"
#include "ledger/crypto/keys.h"
#include "ledger/entry/wire.h"

namespace assent {
namespace {

// Takes the value behind `tag` off the front; false when it is not there, or is of a type that no
// body has.
bool SkipValue(std::string_view& bytes, const wire::Tag& tag) {
  switch (tag.type) {
    case wire::Type::kVarint:
      return wire::TakeVarint(bytes).has_value();
    case wire::Type::kBytes:
      return wire::TakeBytes(bytes).has_value();
    case wire::Type::kFixed32:
    case wire::Type::kFixed64:
      return false;
  }
  return false;
}

}  // namespace

std::string_view ReleasedPart(std::string_view body) {
  std::string_view rest = body;
  while (!rest.empty()) {
    const std::size_t begin = body.size() - rest.size();
    const auto tag = wire::TakeTag(rest);
    if (!tag) return body;
    if (tag->field == v1::Body::kReleaseFieldNumber) return body.substr(0, begin);
    if (!SkipValue(rest, *tag)) return body;
  }
  return body;
}

std::string ReleaseStatement(const EntryHeader& header, std::string_view body) {
  std::string statement = header.ledger_id.str();
  AppendU8(statement, static_cast<std::uint8_t>(header.author.str().size()));
  statement += header.author.str();
  AppendU64(statement, header.sequence.value());
  AppendU64(statement, static_cast<std::uint64_t>(header.not_after.us));
  statement += ReleasedPart(body);
  return statement;
}

bool VerifyRelease(const EntryHeader& header, std::string_view body, std::string_view public_key,
                   std::string_view signature) {
  const auto key = PublicKey::From(public_key);
  const auto made = Signature::From(signature);
  return key && made && Verify(*key, tag::kRelease, ReleaseStatement(header, body), *made);
}

}  // namespace assent
