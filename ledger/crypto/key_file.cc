#include "ledger/crypto/key_file.h"

#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/crypto/sodium.h"
#include "ledger/limits.h"
#include "ledger/types.h"

namespace assent {
namespace {

constexpr std::string_view kFirstLine = "assent key v1";

// Argon2 counts memory in KiB and would take two numbers between for the same.
constexpr std::uint64_t kSealMemoryUnitBytes = 1024;

using KdfSalt = FixedBytes<crypto_pwhash_argon2id_SALTBYTES, struct KdfSaltTag>;
using Nonce = FixedBytes<crypto_secretbox_NONCEBYTES, struct NonceTag>;
using Box = FixedBytes<SecretSeed::kSize + crypto_secretbox_MACBYTES, struct BoxTag>;

// The lines of a key file. `seed` when plain, the others when sealed.
struct KeyFile {
  KeyPurpose purpose;
  PublicKey public_key;
  bool sealed = false;
  std::string seed_hex;
  SealCost cost{};
  KdfSalt salt;
  Nonce nonce;
  Box box;

  KeyFile() = default;
  KeyFile(KeyFile&&) = default;
  KeyFile& operator=(KeyFile&&) = default;
  ~KeyFile() { sodium_memzero(seed_hex.data(), seed_hex.size()); }
};

absl::Status Damaged(std::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(
      "not a key file of this version, or damaged: ", AbslView(what), "; restore it from a copy"));
}

// Takes the file apart line by line: each must be there, in order, and nothing after the last.
class LineReader {
 public:
  explicit LineReader(std::string_view text) : rest_(text) {}

  // The next line without its end; nothing when there is none.
  std::optional<std::string_view> Line() {
    const std::size_t end = rest_.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return line;
  }

  // What follows `name` and ": " on the next line.
  std::optional<std::string_view> Field(std::string_view name) {
    auto line = Line();
    if (!line || !line->starts_with(name)) return std::nullopt;
    line->remove_prefix(name.size());
    if (!line->starts_with(": ")) return std::nullopt;
    line->remove_prefix(2);
    return line;
  }

  template <class F>
  bool Hex(std::string_view name, F& out) {
    const auto field = Field(name);
    const auto value = field ? F::FromHexText(*field) : std::nullopt;
    if (value) out = *value;
    return value.has_value();
  }

  bool Count(std::string_view name, std::uint64_t& out) {
    const auto field = Field(name);
    if (!field) return false;
    const auto [end, error] = std::from_chars(field->data(), field->data() + field->size(), out);
    return error == std::errc() && end == field->data() + field->size();
  }

  bool AtEnd() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

// Within what a reader accepts, and a form that Argon2 takes for no other.
bool IsBearable(SealCost cost) {
  return cost.operations >= crypto_pwhash_argon2id_OPSLIMIT_MIN &&
         cost.operations <= kSealOperationsMax &&
         cost.memory_bytes >= crypto_pwhash_argon2id_MEMLIMIT_MIN &&
         cost.memory_bytes <= kSealMemoryBytesMax && cost.memory_bytes % kSealMemoryUnitBytes == 0;
}

absl::Status ReadSealedLines(LineReader& reader, KeyFile& file) {
  if (reader.Field("kdf") != "argon2id") return Damaged("line kdf");
  if (!reader.Count("operations", file.cost.operations)) return Damaged("line operations");
  if (!reader.Count("memory", file.cost.memory_bytes)) return Damaged("line memory");
  if (!reader.Hex("salt", file.salt)) return Damaged("line salt");
  if (!reader.Hex("nonce", file.nonce)) return Damaged("line nonce");
  if (!reader.Hex("box", file.box)) return Damaged("line box");
  if (!IsBearable(file.cost)) return Damaged("operations or memory out of bounds");
  return absl::OkStatus();
}

absl::Status ReadPlainLines(LineReader& reader, KeyFile& file) {
  const auto seed = reader.Field("seed");
  if (!seed || seed->size() != 2 * SecretSeed::kSize) return Damaged("line seed");
  file.seed_hex = std::string(*seed);
  return absl::OkStatus();
}

absl::StatusOr<KeyFile> ReadKeyFile(std::string_view text) {
  if (text.size() > kKeyFileBytesMax) return Damaged("too long");
  LineReader reader(text);
  if (reader.Line() != kFirstLine) return Damaged("line 1");
  const auto purpose_name = reader.Field("purpose");
  const auto purpose = purpose_name ? PurposeNamed(*purpose_name) : std::nullopt;
  if (!purpose) return Damaged("line purpose");
  KeyFile file;
  file.purpose = *purpose;
  if (!reader.Hex("public key", file.public_key)) return Damaged("line public key");
  file.sealed = IsSealed(*purpose);
  const absl::Status rest =
      file.sealed ? ReadSealedLines(reader, file) : ReadPlainLines(reader, file);
  if (!rest.ok()) return rest;
  if (!reader.AtEnd()) return Damaged("something follows the last line");
  return file;
}

std::string FirstLines(KeyPurpose purpose, const PublicKey& public_key) {
  return absl::StrCat(AbslView(kFirstLine), "\npurpose: ", AbslView(PurposeName(purpose)),
                      "\npublic key: ", public_key.hex(), "\n");
}

// What a file shows of its seed.
PublicKey PublicKeyOf(KeyPurpose purpose, const SecretSeed& seed) {
  if (purpose == KeyPurpose::kNode) return DeriveNodeKeys(seed).vote.public_key();
  return SigningKey(seed).public_key();
}

// The key that seals, in memory of its own; nothing when Argon2id cannot get its memory.
std::optional<SecretSeed> SealingKey(std::string_view passphrase, const KdfSalt& salt,
                                     SealCost cost) {
  static_assert(crypto_secretbox_KEYBYTES == SecretSeed::kSize);
  crypto_internal::EnsureSodium();
  std::array<std::uint8_t, crypto_secretbox_KEYBYTES> key;
  const int result = crypto_pwhash(
      key.data(), key.size(), passphrase.data(), passphrase.size(), salt.data(), cost.operations,
      static_cast<std::size_t>(cost.memory_bytes), crypto_pwhash_ALG_ARGON2ID13);
  if (result != 0) return std::nullopt;
  auto sealing = SecretSeed::From({reinterpret_cast<const char*>(key.data()), key.size()});
  sodium_memzero(key.data(), key.size());
  return sealing;
}

absl::Status NoMemory(SealCost cost) {
  return absl::ResourceExhaustedError(absl::StrCat(
      "the passphrase needs ", cost.memory_bytes / (1024 * 1024),
      " MiB of memory to be checked, which this machine does not give; free some and try again"));
}

const unsigned char* Unsigned(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace

std::string_view PurposeName(KeyPurpose purpose) {
  switch (purpose) {
    case KeyPurpose::kAuthority:
      return "authority";
    case KeyPurpose::kNode:
      return "node";
    case KeyPurpose::kReader:
      return "reader";
    case KeyPurpose::kReleaser:
      return "releaser";
  }
  ASSENT_CHECK(false);
}

std::optional<KeyPurpose> PurposeNamed(std::string_view name) {
  for (const KeyPurpose purpose : kKeyPurposes) {
    if (PurposeName(purpose) == name) return purpose;
  }
  return std::nullopt;
}

bool IsSealed(KeyPurpose purpose) {
  return purpose == KeyPurpose::kAuthority || purpose == KeyPurpose::kReleaser;
}

absl::StatusOr<std::string> SealKey(KeyPurpose purpose, const SecretSeed& seed,
                                    std::string_view passphrase, SealCost cost) {
  ASSENT_CHECK(IsSealed(purpose));
  ASSENT_CHECK(IsBearable(cost));
  KdfSalt salt;
  Nonce nonce;
  Box box;
  crypto_internal::EnsureSodium();
  randombytes_buf(salt.data(), KdfSalt::kSize);
  randombytes_buf(nonce.data(), Nonce::kSize);
  const auto sealing = SealingKey(passphrase, salt, cost);
  if (!sealing) return NoMemory(cost);
  ASSENT_CHECK(crypto_secretbox_easy(box.data(), Unsigned(seed.view()), SecretSeed::kSize,
                                     nonce.data(), Unsigned(sealing->view())) == 0);
  return absl::StrCat(FirstLines(purpose, SigningKey(seed).public_key()),
                      "kdf: argon2id\noperations: ", cost.operations,
                      "\nmemory: ", cost.memory_bytes, "\nsalt: ", salt.hex(),
                      "\nnonce: ", nonce.hex(), "\nbox: ", box.hex(), "\n");
}

std::string WritePlainKey(KeyPurpose purpose, const SecretSeed& seed) {
  ASSENT_CHECK(!IsSealed(purpose));
  std::string hex = ToHex(seed.view());
  std::string text =
      absl::StrCat(FirstLines(purpose, PublicKeyOf(purpose, seed)), "seed: ", hex, "\n");
  sodium_memzero(hex.data(), hex.size());
  return text;
}

absl::StatusOr<KeyFileInfo> DescribeKeyFile(std::string_view text) {
  const auto file = ReadKeyFile(text);
  if (!file.ok()) return file.status();
  return KeyFileInfo{file->purpose, file->sealed, file->public_key};
}

absl::StatusOr<SecretSeed> UnsealKey(std::string_view text, std::string_view passphrase) {
  const auto file = ReadKeyFile(text);
  if (!file.ok()) return file.status();
  if (!file->sealed) {
    return absl::InvalidArgumentError(
        absl::StrCat("this is a plain ", AbslView(PurposeName(file->purpose)),
                     " key file, not a sealed one; give the file of the key that signs"));
  }
  const auto sealing = SealingKey(passphrase, file->salt, file->cost);
  if (!sealing) return NoMemory(file->cost);
  std::array<std::uint8_t, SecretSeed::kSize> opened;
  if (crypto_secretbox_open_easy(opened.data(), file->box.data(), Box::kSize, file->nonce.data(),
                                 Unsigned(sealing->view())) != 0) {
    return absl::PermissionDeniedError(
        "wrong passphrase (or the key file was altered); try again or restore the file");
  }
  auto seed = SecretSeed::From({reinterpret_cast<const char*>(opened.data()), opened.size()});
  sodium_memzero(opened.data(), opened.size());
  if (SigningKey(*seed).public_key() != file->public_key) {
    return Damaged("the public key is not that of the sealed secret");
  }
  return *std::move(seed);
}

absl::StatusOr<SecretSeed> ReadPlainKey(std::string_view text, KeyPurpose purpose) {
  const auto file = ReadKeyFile(text);
  if (!file.ok()) return file.status();
  if (file->sealed || file->purpose != purpose) {
    return absl::InvalidArgumentError(
        absl::StrCat("this is the file of a ", AbslView(PurposeName(file->purpose)), " key; a ",
                     AbslView(PurposeName(purpose)), " key is needed here"));
  }
  auto bytes = FromHex(file->seed_hex);
  if (!bytes) return Damaged("line seed");
  auto seed = SecretSeed::From(*bytes);
  sodium_memzero(bytes->data(), bytes->size());
  if (PublicKeyOf(purpose, *seed) != file->public_key) {
    return Damaged("the public key is not that of the seed");
  }
  return *std::move(seed);
}

}  // namespace assent
