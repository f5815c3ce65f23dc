#include "ledger/entry/entry.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/crypto/hash.h"
#include "ledger/entry/unsigned_entry.h"
#include "ledger/limits.h"

namespace assent {
namespace {

std::size_t LeafBytes(std::size_t header_bytes) { return 4 + header_bytes + Signature::kSize; }

std::string HeaderLength(std::string_view header) {
  std::string length;
  AppendU32(length, static_cast<std::uint32_t>(header.size()));
  return length;
}

absl::Status CheckBody(const RawEntry& raw, const Hash& commitment) {
  if (raw.body.has_value() != raw.salt.has_value()) {
    return absl::InvalidArgumentError(
        "an entry has either both body and salt or neither; this one has only one of them");
  }
  if (!raw.body) return absl::OkStatus();
  if (raw.body->size() > kBodyBytesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("the body has ", raw.body->size(), " bytes; the limit is ", kBodyBytesMax));
  }
  if (BodyCommitment(*raw.salt, *raw.body) != commitment) {
    return absl::InvalidArgumentError(
        "the body is not the one that the header commits to; send the body and salt that were "
        "signed");
  }
  return absl::OkStatus();
}

}  // namespace

std::string LeafData(std::string_view header, const Signature& signature) {
  std::string leaf;
  leaf.reserve(LeafBytes(header.size()));
  AppendU32(leaf, static_cast<std::uint32_t>(header.size()));
  leaf += header;
  leaf += signature.view();
  return leaf;
}

absl::StatusOr<RawEntry> ParseLeafData(std::string_view leaf) {
  ByteReader reader(leaf);
  const std::uint32_t header_bytes = reader.U32();
  const std::string_view header = reader.Bytes(header_bytes);
  const auto signature = reader.Fixed<Signature>();
  if (!reader.AtEnd() || leaf.size() > kLeafBytesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("malformed leaf: ", leaf.size(),
                     " bytes are not a length, a header of that length and a signature"));
  }
  return RawEntry{std::string(header), signature, std::nullopt, std::nullopt};
}

Hash LeafHash(std::string_view header, const Signature& signature) {
  // The same as MerkleLeafHash(LeafData(...)), without the copy.
  return Sha256({std::string_view("\0", 1), HeaderLength(header), header, signature.view()});
}

absl::StatusOr<Entry> Entry::Parse(RawEntry raw) {
  auto header = ParseEntryHeader(raw.header);
  if (!header.ok()) return header.status();
  static_assert(4 + kEntryHeaderBytesMax + Signature::kSize <= kLeafBytesMax);
  const absl::Status body = CheckBody(raw, header->body_commitment);
  if (!body.ok()) return body;
  Entry entry;
  entry.header_ = *std::move(header);
  entry.leaf_hash_ = LeafHash(raw.header, raw.signature);
  entry.raw_ = std::move(raw);
  return entry;
}

std::size_t Entry::size_bytes() const {
  const std::size_t body_bytes = raw_.body ? raw_.body->size() + Salt::kSize : 0;
  return LeafBytes(raw_.header.size()) + body_bytes;
}

Entry Entry::WithoutBody() const {
  Entry entry;
  entry.raw_.header = raw_.header;
  entry.raw_.signature = raw_.signature;
  entry.header_ = header_;
  entry.leaf_hash_ = leaf_hash_;
  return entry;
}

bool Entry::VerifySignature(const PublicKey& key) const {
  return Verify(key, tag::kEntry, raw_.header, raw_.signature);
}

RawEntry UnsignedEntry(EntryHeader header, std::string body, const Salt& salt,
                       const PublicKey& key) {
  header.authority_key_id = KeyIdOf(key);
  header.body_commitment = BodyCommitment(salt, body);
  RawEntry raw;
  raw.header = EncodeEntryHeader(header);
  raw.body = std::move(body);
  raw.salt = salt;
  return raw;
}

absl::StatusOr<Entry> SignEntry(EntryHeader header, std::string body, const Salt& salt,
                                const SigningKey& key) {
  RawEntry raw = UnsignedEntry(std::move(header), std::move(body), salt, key.public_key());
  raw.signature = key.Sign(tag::kEntry, raw.header);
  return Entry::Parse(std::move(raw));
}

Salt RandomSalt() {
  // The seed's own source of randomness, so that there is one place that initialises it.
  return *Salt::From(SecretSeed::Random().view());
}

}  // namespace assent
