// Checkpoints as C2SP signed notes (c2sp.org/signed-note, c2sp.org/tlog-checkpoint).
#ifndef ASSENT_LEDGER_LOG_CHECKPOINT_H_
#define ASSENT_LEDGER_LOG_CHECKPOINT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "ledger/bytes.h"
#include "ledger/crypto/keys.h"

namespace assent {

// What a checkpoint says.
struct Checkpoint {
  std::string origin;
  std::uint64_t tree_size = 0;
  Hash root;
};

// One signature line: whose key (by id) and the signature.
struct NoteSignature {
  std::uint32_t key_id = 0;
  Signature signature;
};

// A checkpoint with its signature lines.
struct SignedCheckpoint {
  Checkpoint checkpoint;
  std::vector<NoteSignature> signatures;
};

// Ok when `origin` can be a key name: 1 to kNameBytesMax bytes of UTF-8, no white space, no plus
// sign, no control characters.
absl::Status CheckOrigin(std::string_view origin);

// The signed text, up to and including the line end before the blank line.
std::string CheckpointText(const Checkpoint& checkpoint);
// First 4 bytes, big-endian, of SHA-256(name || 0x0A || 0x01 || key).
std::uint32_t NoteKeyId(std::string_view name, const PublicKey& key);
// name+hex(key id)+base64(0x01 || key): a verifier key as stock tools take it.
std::string VerifierKey(std::string_view name, const PublicKey& key);

Signature SignCheckpoint(const Checkpoint& checkpoint, const SigningKey& key);
bool VerifyCheckpoint(const Checkpoint& checkpoint, const PublicKey& key,
                      const Signature& signature);

// The whole note; and the inverse, which does not check signatures. Lines of other key names and of
// other kinds of keys, such as those of witnesses, are read over, as C2SP asks of verifiers; of
// kVotersMax lines in all.
std::string FormatNote(const SignedCheckpoint& note);
absl::StatusOr<SignedCheckpoint> ParseNote(std::string_view text);
// The same note with no more than its first kCheckpointLinesMax signature lines, as files for
// other people's readers have it.
std::string_view ForStockReaders(std::string_view note);

// A C2SP tlog-proof: inclusion proof of leaf `index` under a note (c2sp.org/tlog-proof), of which
// it has what stock readers take.
std::string FormatTlogProof(std::uint64_t index, const std::vector<Hash>& inclusion_proof,
                            std::string_view note);

}  // namespace assent

#endif  // ASSENT_LEDGER_LOG_CHECKPOINT_H_
