// What a saved ledger keeps beside its blocks: u8 which || message. It gets the right checksum
// here, which no input would have by chance.
#include "client/kept_message.h"

#include "assent/v1/ledger.pb.h"
#include "assent/v1/questions.pb.h"
#include "client/evidence_check.h"
#include "ledger/crypto/hash.h"
#include "tests/fuzz/samples.h"
#include "tests/fuzz/target.h"

namespace assent::fuzz {
namespace {

constexpr char kEvidence = 0;
constexpr char kCheckpoint = 1;

// Reads the file of this name that has these bytes for its message; false when it is refused.
template <class Message>
bool Read(std::string_view name, std::string_view bytes, Message& message) {
  std::string file = "assent " + std::string(name) + " 1\n";
  file += bytes;
  file += Sha256(file).view();
  if (!client::ParseKept(name, file, message).ok()) return false;
  const std::string ours = client::FormatKept(name, message);
  Message again;
  ASSENT_CHECK(client::ParseKept(name, ours, again).ok());
  ASSENT_CHECK(client::FormatKept(name, again) == ours);
  return true;
}

}  // namespace

const Target kKeptMessageTarget{
    "kept_message",
    4 * 1024,
    [](std::string_view input) {
      if (input.empty()) return;
      v1::Checkpoint checkpoint;
      v1::AskResponse evidence;
      if (input[0] % 2 == kCheckpoint) {
        static_cast<void>(Read("checkpoint", input.substr(1), checkpoint));
      } else if (Read("evidence", input.substr(1), evidence)) {
        for (const v1::AnswerRow& row : evidence.rows()) {
          static_cast<void>(client::CheckEvidence(row.evidence(), Ledger().act).ok());
        }
      }
    },
    [] {
      v1::AskResponse evidence;
      evidence.set_as_of(7);
      evidence.add_rows()->mutable_evidence()->set_voter("BBB");
      v1::AskResponse other = evidence;
      other.add_rows()->mutable_due();
      v1::Checkpoint checkpoint;
      checkpoint.set_note("text");
      checkpoint.set_height(7);
      return std::vector<Seed>{{"evidence", kEvidence + evidence.SerializeAsString()},
                               {"other_rows", kEvidence + other.SerializeAsString()},
                               {"checkpoint", kCheckpoint + checkpoint.SerializeAsString()}};
    },
    []() -> const google::protobuf::Message* { return &v1::AskResponse::default_instance(); },
    1};

}  // namespace assent::fuzz
