// An entry: what one state files, signed with its authority key. The header's bytes are kept
// exactly as its author made them. Format: docs/formats.md.
#ifndef ASSENT_LEDGER_ENTRY_ENTRY_H_
#define ASSENT_LEDGER_ENTRY_ENTRY_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/bytes.h"
#include "ledger/crypto/keys.h"
#include "ledger/types.h"

namespace assent {

// The fields of an entry's header.
struct EntryHeader {
  LedgerId ledger_id;
  MemberCode author;
  Sequence sequence;
  Hash previous;  // leaf hash of the author's entry before; zero for sequence 1
  KeyId authority_key_id;
  Time not_after;
  Hash body_commitment;
};

// The bytes of a header: protobuf, fields in order.
std::string EncodeEntryHeader(const EntryHeader& header);
// Strict: unknown or repeated or out-of-order fields, wrong sizes, an author that is no code,
// sequence 0, or more than kEntryHeaderBytesMax are InvalidArgument.
absl::StatusOr<EntryHeader> ParseEntryHeader(std::string_view bytes);

// An entry as it came from outside: sizes are checked, nothing else.
struct RawEntry {
  std::string header;
  Signature signature;
  std::optional<std::string> body;  // absent with the salt where it may not be seen
  std::optional<Salt> salt;
};

// Leaf data = u32 big-endian header length || header || signature.
std::string LeafData(std::string_view header, const Signature& signature);
// The inverse; InvalidArgument when it is not leaf data.
absl::StatusOr<RawEntry> ParseLeafData(std::string_view leaf);
// SHA-256(0x00 || leaf data), RFC 6962.
Hash LeafHash(std::string_view header, const Signature& signature);

// An entry whose header is well formed, whose body (if present) matches its commitment, and whose
// size is within limits. Immutable; shared between threads. It does not say that the signature is
// good.
class Entry {
 public:
  // InvalidArgument says what is wrong with it.
  static absl::StatusOr<Entry> Parse(RawEntry raw);

  const EntryHeader& header() const { return header_; }
  const std::string& header_bytes() const { return raw_.header; }
  const Signature& signature() const { return raw_.signature; }
  bool has_body() const { return raw_.body.has_value(); }
  const std::string& body() const { return *raw_.body; }  // has_body()
  const Salt& salt() const { return *raw_.salt; }         // has_body()
  const Hash& leaf_hash() const { return leaf_hash_; }
  // Leaf and body: what counts against a block's size.
  std::size_t size_bytes() const;
  // The same without body and salt.
  Entry WithoutBody() const;

  // True when the signature is by `key` over the header.
  bool VerifySignature(const PublicKey& key) const;

 private:
  Entry() = default;
  RawEntry raw_;
  EntryHeader header_;
  Hash leaf_hash_;
};

using EntryPtr = std::shared_ptr<const Entry>;

// Makes a signed entry. `header`'s key id and commitment are filled in.
absl::StatusOr<Entry> SignEntry(EntryHeader header, std::string body, const Salt& salt,
                                const SigningKey& key);

// 32 random bytes.
Salt RandomSalt();

}  // namespace assent

#endif  // ASSENT_LEDGER_ENTRY_ENTRY_H_
