// A checkpoint as a signed note.
#include "ledger/log/checkpoint.h"

#include "client/checkpoint_check.h"
#include "ledger/crypto/hash.h"
#include "tests/fuzz/samples.h"
#include "tests/fuzz/target.h"

namespace assent::fuzz {

const Target kCheckpointTarget{
    "checkpoint", 4 * 1024,
    [](std::string_view input) {
      static const VoterSet voters = Ledger().act.voters();
      const auto note = ParseNote(input);
      if (!note.ok()) return;
      // What is read over is left out when it is written again.
      const std::string ours = FormatNote(*note);
      const auto again = ParseNote(ours);
      ASSENT_CHECK(again.ok() && FormatNote(*again) == ours);
      ASSENT_CHECK(again->signatures.size() == note->signatures.size());
      ASSENT_CHECK(input.starts_with(CheckpointText(note->checkpoint)));
      const auto checked = client::CheckNote(input, Ledger().act.text.origin, voters);
      if (checked.ok()) ASSENT_CHECK(checked->signers.size() >= voters.quorum());
    },
    [] {
      SignedCheckpoint note{{Ledger().act.text.origin, 7, Sha256("root")}, {}};
      for (const testing::TestState& state : Ledger().states) {
        const SigningKey& key = state.node.checkpoint;
        note.signatures.push_back({NoteKeyId(note.checkpoint.origin, key.public_key()),
                                   SignCheckpoint(note.checkpoint, key)});
      }
      const std::string all = FormatNote(note);
      SignedCheckpoint by_one = note;
      by_one.signatures.resize(1);
      // A witness signs with a key of another kind, 8 bytes of time before the signature.
      const std::string witness = "\u2014 witness.example " + ToBase64(std::string(76, 'w')) + "\n";
      return std::vector<Seed>{
          {"all", all}, {"by_one", FormatNote(by_one)}, {"witnessed", all + witness}};
    }};

}  // namespace assent::fuzz
