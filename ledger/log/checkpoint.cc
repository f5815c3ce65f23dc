#include "ledger/log/checkpoint.h"

#include <charconv>
#include <optional>
#include <set>

#include "absl/strings/str_cat.h"
#include "ledger/crypto/hash.h"
#include "ledger/limits.h"
#include "ledger/types.h"
#include "ledger/utf8.h"

namespace assent {
namespace {

constexpr std::string_view kEd25519Type("\x01", 1);
constexpr std::size_t kKeyIdBytes = 4;
constexpr std::string_view kSignatureMark = "\xE2\x80\x94 ";  // em dash, space
constexpr std::string_view kProofFirstLine = "c2sp.org/tlog-proof@v1";

absl::Status Malformed(std::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("malformed checkpoint: ", AbslView(what)));
}

// Takes a line and its end off the front; nothing when no line end is left.
std::optional<std::string_view> TakeLine(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

std::optional<std::uint64_t> ParseDecimal(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (text.size() > 1 && text[0] == '0') return std::nullopt;
  return value;
}

absl::StatusOr<Checkpoint> TakeCheckpoint(std::string_view& text) {
  const auto origin = TakeLine(text);
  const auto size = TakeLine(text);
  const auto root = TakeLine(text);
  const auto blank = TakeLine(text);
  if (!blank) return Malformed("it ends before its signatures");
  const absl::Status origin_status = CheckOrigin(*origin);
  if (!origin_status.ok()) return origin_status;
  const auto tree_size = ParseDecimal(*size);
  if (!tree_size) return Malformed("line 2 is no tree size");
  const auto root_bytes = FromBase64(*root);
  const auto root_hash = root_bytes ? Hash::From(*root_bytes) : std::nullopt;
  if (!root_hash) return Malformed("line 3 is not the base64 of a root hash");
  if (!blank->empty()) return Malformed("line 4 is not blank; extension lines are not used here");
  return Checkpoint{std::string(*origin), *tree_size, *root_hash};
}

// The signature of a line that can be by a checkpoint key; nothing for one by somebody else's key,
// or by a key of another kind, which a witness adds.
absl::StatusOr<std::optional<NoteSignature>> ParseSignatureLine(std::string_view line,
                                                                std::string_view origin) {
  if (!line.starts_with(kSignatureMark)) return Malformed("a signature line has no em dash");
  line.remove_prefix(kSignatureMark.size());
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return Malformed("a signature line has no key name");
  const std::string_view name = line.substr(0, space);
  if (!CheckOrigin(name).ok()) return Malformed("a signature line has no good key name");
  const auto bytes = FromBase64(line.substr(space + 1));
  if (!bytes || bytes->size() <= kKeyIdBytes) {
    return Malformed("a signature line is not the base64 of key id and signature");
  }
  if (name != origin || bytes->size() != kKeyIdBytes + Signature::kSize) return std::nullopt;
  ByteReader reader(*bytes);
  NoteSignature signature;
  signature.key_id = reader.U32();
  signature.signature = reader.Fixed<Signature>();
  return signature;
}

}  // namespace

absl::Status CheckOrigin(std::string_view origin) {
  if (origin.empty() || origin.size() > kNameBytesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("an origin has 1 to ", kNameBytesMax, " bytes, this one ", origin.size()));
  }
  std::string_view rest = origin;
  while (!rest.empty()) {
    const auto c = TakeCodePoint(rest);
    if (!c) return absl::InvalidArgumentError("the origin is not UTF-8");
    if (IsSpace(*c) || IsControl(*c) || IsInvisible(*c) || IsJoiner(*c) || *c == '+') {
      return absl::InvalidArgumentError(
          "the origin has white space, a plus sign or a character that cannot be seen; use a name "
          "such as code.example/assent");
    }
  }
  return absl::OkStatus();
}

std::string CheckpointText(const Checkpoint& checkpoint) {
  return absl::StrCat(checkpoint.origin, "\n", checkpoint.tree_size, "\n",
                      ToBase64(checkpoint.root.view()), "\n");
}

std::uint32_t NoteKeyId(std::string_view name, const PublicKey& key) {
  const Hash hash = Sha256({name, "\n", kEd25519Type, key.view()});
  return ByteReader(hash.view()).U32();
}

std::string VerifierKey(std::string_view name, const PublicKey& key) {
  std::string key_id;
  AppendU32(key_id, NoteKeyId(name, key));
  std::string typed_key(kEd25519Type);
  typed_key += key.view();
  return absl::StrCat(AbslView(name), "+", ToHex(key_id), "+", ToBase64(typed_key));
}

Signature SignCheckpoint(const Checkpoint& checkpoint, const SigningKey& key) {
  return key.SignRaw(CheckpointText(checkpoint));
}

bool VerifyCheckpoint(const Checkpoint& checkpoint, const PublicKey& key,
                      const Signature& signature) {
  return VerifyRaw(key, CheckpointText(checkpoint), signature);
}

std::string FormatNote(const SignedCheckpoint& note) {
  std::string out = CheckpointText(note.checkpoint) + "\n";
  for (const NoteSignature& line : note.signatures) {
    std::string bytes;
    AppendU32(bytes, line.key_id);
    bytes += line.signature.view();
    absl::StrAppend(&out, AbslView(kSignatureMark), note.checkpoint.origin, " ", ToBase64(bytes),
                    "\n");
  }
  return out;
}

absl::StatusOr<SignedCheckpoint> ParseNote(std::string_view text) {
  auto checkpoint = TakeCheckpoint(text);
  if (!checkpoint.ok()) return checkpoint.status();
  SignedCheckpoint note{*std::move(checkpoint), {}};
  std::set<std::uint32_t> key_ids;
  std::size_t lines = 0;
  while (!text.empty()) {
    const auto line = TakeLine(text);
    if (!line) return Malformed("its last line has no end");
    if (++lines > kVotersMax) {
      return Malformed(absl::StrCat("it has more than ", kVotersMax, " signatures"));
    }
    const auto signature = ParseSignatureLine(*line, note.checkpoint.origin);
    if (!signature.ok()) return signature.status();
    if (!*signature) continue;
    if (!key_ids.insert((*signature)->key_id).second) return Malformed("a key has signed it twice");
    note.signatures.push_back(**signature);
  }
  if (note.signatures.empty()) return Malformed("it has no signature");
  return note;
}

std::string_view ForStockReaders(std::string_view note) {
  std::size_t line_end = note.find("\n\n");
  if (line_end != std::string_view::npos) ++line_end;
  for (std::size_t i = 0; i < kCheckpointLinesMax && line_end != std::string_view::npos; ++i) {
    line_end = note.find('\n', line_end + 1);
  }
  return line_end == std::string_view::npos ? note : note.substr(0, line_end + 1);
}

std::string FormatTlogProof(std::uint64_t index, const std::vector<Hash>& inclusion_proof,
                            std::string_view note) {
  std::string out = absl::StrCat(AbslView(kProofFirstLine), "\nindex ", index, "\n");
  for (const Hash& hash : inclusion_proof) absl::StrAppend(&out, ToBase64(hash.view()), "\n");
  absl::StrAppend(&out, "\n", AbslView(ForStockReaders(note)));
  return out;
}

}  // namespace assent
