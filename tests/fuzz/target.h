// A parser of bytes from outside, as libFuzzer drives it: what is done with an input, and real
// inputs to begin with. Each is one file in targets/; all are in one program (main.cc).
#ifndef ASSENT_TESTS_FUZZ_TARGET_H_
#define ASSENT_TESTS_FUZZ_TARGET_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/check.h"

namespace google::protobuf {
class Message;
}

namespace assent::fuzz {

// A file of the corpus.
struct Seed {
  std::string name;
  std::string bytes;
};

struct Target {
  std::string_view name;
  std::size_t bytes_max;  // of an input
  // Gives the bytes to the parser, and aborts (ASSENT_CHECK) where what it promises does not hold.
  void (*run)(std::string_view input);
  // Made by our own writers, the same each time but for what is drawn at random.
  std::vector<Seed> (*seeds)();
  // What an input is behind its first bytes, where it is a message: it is then changed field by
  // field, too (mutator.cc).
  const google::protobuf::Message* (*message)() = nullptr;
  std::size_t bytes_before = 0;
};

// The target that runs.
const Target& Chosen();

extern const Target kAccessTokenTarget;
extern const Target kActTarget;
extern const Target kAuditTarget;
extern const Target kBlockHeaderTarget;
extern const Target kBlockTarget;
extern const Target kBodyTarget;
extern const Target kCertificatePemTarget;
extern const Target kCertificateTarget;
extern const Target kCheckpointTarget;
extern const Target kClassListTarget;
extern const Target kClientSettingsTarget;
extern const Target kDraftFileTarget;
extern const Target kEntriesFileTarget;
extern const Target kEntriesRequestTarget;
extern const Target kEntryTarget;
extern const Target kEvidenceRowTarget;
extern const Target kEvidenceTarget;
extern const Target kFinalBlockTarget;
extern const Target kInstrumentTarget;
extern const Target kKeptMessageTarget;
extern const Target kKeyFileTarget;
extern const Target kLaunchListTarget;
extern const Target kLeafTarget;
extern const Target kNodeConfigTarget;
extern const Target kPageRequestTarget;
extern const Target kPageTokenTarget;
extern const Target kPeerMessageTarget;
extern const Target kPublicKeysTarget;
extern const Target kQuestionTarget;
extern const Target kReceiptTarget;
extern const Target kRecordFileTarget;
extern const Target kRefusalTarget;
extern const Target kRestartTarget;
extern const Target kStoredValueTarget;
extern const Target kTextTarget;
extern const Target kTilePathTarget;
extern const Target kTokenUriTarget;
extern const Target kTornLogTarget;
extern const Target kVoteTarget;

}  // namespace assent::fuzz

#endif  // ASSENT_TESTS_FUZZ_TARGET_H_
