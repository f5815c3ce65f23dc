// The bytes of an entry's header, written and read by hand: what every node accepts for ever must
// not hang on a library. The form is exactly what protobuf writes for assent.v1.EntryHeader; tests
// hold the two together.
#include "absl/strings/str_cat.h"
#include "ledger/entry/entry.h"
#include "ledger/entry/wire.h"
#include "ledger/limits.h"

namespace assent {
namespace {

// Field numbers of assent.v1.EntryHeader.
constexpr std::uint32_t kLedgerId = 1;
constexpr std::uint32_t kAuthor = 2;
constexpr std::uint32_t kSequence = 3;
constexpr std::uint32_t kPrevious = 4;
constexpr std::uint32_t kAuthorityKeyId = 5;
constexpr std::uint32_t kNotAfterUs = 6;
constexpr std::uint32_t kBodyCommitment = 7;

absl::Status Malformed(std::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("malformed entry header: ", AbslView(what)));
}

// Takes the fields in ascending order; the first that is not as it must be is named by error().
class FieldReader {
 public:
  explicit FieldReader(std::string_view bytes) : rest_(bytes) {}

  std::string_view Bytes(std::uint32_t field, std::string_view name) {
    if (!TakeTag(field, wire::Type::kBytes, name)) return {};
    const auto value = wire::TakeBytes(rest_);
    if (!value) Fail(name);
    return value.value_or(std::string_view());
  }

  template <class F>
  F Fixed(std::uint32_t field, std::string_view name) {
    const auto value = F::From(Bytes(field, name));
    if (!value) Fail(name);
    return value.value_or(F());
  }

  std::uint64_t Varint(std::uint32_t field, std::string_view name) {
    if (!TakeTag(field, wire::Type::kVarint, name)) return 0;
    const auto value = wire::TakeVarint(rest_);
    // Zero is written by leaving the field out.
    if (!value || *value == 0) Fail(name);
    return value.value_or(0);
  }

  // True when the next field is this one.
  bool Next(std::uint32_t field) const {
    std::string_view ahead = rest_;
    const auto tag = wire::TakeTag(ahead);
    return tag && tag->field == field;
  }

  void Fail(std::string_view name) {
    if (error_.empty()) error_ = name;
    rest_ = {};
  }

  const std::string_view& error() const { return error_; }
  bool AtEnd() const { return rest_.empty(); }

 private:
  bool TakeTag(std::uint32_t field, wire::Type type, std::string_view name) {
    const auto tag = wire::TakeTag(rest_);
    if (tag && tag->field == field && tag->type == type) return true;
    Fail(name);
    return false;
  }

  std::string_view rest_;
  std::string_view error_;
};

}  // namespace

std::string EncodeEntryHeader(const EntryHeader& header) {
  std::string out;
  out.reserve(kEntryHeaderBytesMax / 4);
  wire::AppendBytes(out, kLedgerId, header.ledger_id.view());
  if (!header.author.empty()) wire::AppendBytes(out, kAuthor, header.author.str());
  if (header.sequence != Sequence(0)) {
    wire::AppendTag(out, kSequence, wire::Type::kVarint);
    wire::AppendVarint(out, header.sequence.value());
  }
  wire::AppendBytes(out, kPrevious, header.previous.view());
  wire::AppendBytes(out, kAuthorityKeyId, header.authority_key_id.view());
  if (header.not_after != Time{}) {
    wire::AppendTag(out, kNotAfterUs, wire::Type::kVarint);
    wire::AppendVarint(out, static_cast<std::uint64_t>(header.not_after.us));
  }
  wire::AppendBytes(out, kBodyCommitment, header.body_commitment.view());
  return out;
}

absl::StatusOr<EntryHeader> ParseEntryHeader(std::string_view bytes) {
  if (bytes.size() > kEntryHeaderBytesMax) {
    return Malformed(
        absl::StrCat(bytes.size(), " bytes are more than the limit of ", kEntryHeaderBytesMax));
  }
  FieldReader reader(bytes);
  EntryHeader header;
  header.ledger_id = reader.Fixed<LedgerId>(kLedgerId, "ledger_id (field 1), 32 bytes");
  const auto author = MemberCode::From(reader.Bytes(kAuthor, "author (field 2)"));
  if (!author) reader.Fail("author (field 2), 3 to 8 letters A-Z");
  header.author = author.value_or(MemberCode());
  header.sequence = Sequence(reader.Varint(kSequence, "sequence (field 3), from 1"));
  header.previous = reader.Fixed<Hash>(kPrevious, "previous (field 4), 32 bytes");
  header.authority_key_id =
      reader.Fixed<KeyId>(kAuthorityKeyId, "authority_key_id (field 5), 32 bytes");
  if (reader.Next(kNotAfterUs)) {
    header.not_after.us =
        static_cast<std::int64_t>(reader.Varint(kNotAfterUs, "not_after_us (field 6)"));
  }
  header.body_commitment =
      reader.Fixed<Hash>(kBodyCommitment, "body_commitment (field 7), 32 bytes");
  if (!reader.error().empty()) {
    return Malformed(
        absl::StrCat("expected ", AbslView(reader.error()), ", in the form that protobuf writes"));
  }
  if (!reader.AtEnd()) return Malformed("something follows body_commitment (field 7)");
  return header;
}

}  // namespace assent
