#include "ledger/block/digests.h"

#include "ledger/crypto/hash.h"
#include "ledger/log/merkle.h"

namespace assent {
namespace {

constexpr std::uint8_t kRemoval = 0;
constexpr std::uint8_t kPut = 1;

void AppendSized(std::string& out, std::string_view bytes) {
  AppendU32(out, static_cast<std::uint32_t>(bytes.size()));
  out += bytes;
}

}  // namespace

Hash NextStateDigest(const Hash& previous, const Hash& salts_hash, const StateWrites& writes) {
  std::string bytes;
  AppendU8(bytes, 0x04);
  bytes += previous.view();
  bytes += salts_hash.view();
  for (const auto& [key, value] : writes) {
    AppendSized(bytes, key);
    AppendU8(bytes, value ? kPut : kRemoval);
    if (value) AppendSized(bytes, *value);
  }
  return Sha256(bytes);
}

Hash SaltsHash(const std::vector<Salt>& salts) {
  std::string bytes;
  bytes.reserve(1 + salts.size() * Salt::kSize);
  AppendU8(bytes, 0x05);
  for (const Salt& salt : salts) bytes += salt.view();
  return Sha256(bytes);
}

Hash AuthorHeadsRoot(const AuthorHeads& heads) {
  std::vector<Hash> leaves;
  leaves.reserve(heads.size());
  std::string leaf;
  for (const auto& [code, head] : heads) {
    leaf.clear();
    AppendU8(leaf, static_cast<std::uint8_t>(code.str().size()));
    leaf += code.str();
    AppendU64(leaf, head.sequence.value());
    leaf += head.leaf_hash.view();
    leaves.push_back(MerkleLeafHash(leaf));
  }
  return MerkleRoot(leaves);
}

}  // namespace assent
