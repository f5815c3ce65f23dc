// A ratification instrument from a file, checked as whoever was handed it would.
#include "ledger/receipt/instrument.h"

#include "assent/v1/entry.pb.h"
#include "ledger/crypto/hash.h"
#include "ledger/receipt/instrument_file.h"
#include "tests/fuzz/target.h"
#include "tests/unit/ledger/receipt/small_ledger.h"

namespace assent::fuzz {
namespace {

constexpr std::string_view kNewText = "All launches are announced.\n";
constexpr std::size_t kFounders = 4;

v1::RatificationInstrument SampleInstrument() {
  SmallLedger ledger;
  std::vector<Entry> entries;
  const auto file = [&](std::size_t founder, v1::Body body) {
    body.set_visibility(v1::MEMBERS);
    body.set_issued_at_us(1);
    entries.push_back(ledger.Sign(founder, body.SerializeAsString()));
  };
  v1::Body opening;
  opening.mutable_revision_open()->set_replaces(0);
  opening.mutable_revision_open()->set_title("A better Code");
  opening.mutable_revision_open()->set_text(std::string(kNewText));
  file(0, opening);
  v1::Body signing;
  signing.mutable_revision_sign()->set_round(0);
  signing.mutable_revision_sign()->set_text_hash(Sha256(kNewText).str());
  signing.mutable_revision_sign()->set_replaces(0);
  signing.mutable_revision_sign()->set_membership(0);
  std::vector<MemberIdentity> members;
  for (std::size_t i = 0; i < kFounders; ++i) {
    file(i, signing);
    const Founder& founder = ledger.act().text.founders[i];
    members.push_back({founder.code, founder.authority_key, EntryIndex(0)});
  }
  ledger.Alter([&](BlockHeader& header) { header.members_hash = MembersHash(members); });
  v1::RatificationInstrument instrument;
  instrument.set_header(ledger.AddBlock(entries));
  instrument.set_certificate(ledger.Certify({0, 1, 2}));
  instrument.set_completed_by(kFounders);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    v1::ProvenEntry& proven = i == 0 ? *instrument.mutable_opening() : *instrument.add_signatures();
    *proven.mutable_entry() = ToProto(entries[i]);
    proven.set_index(i);
    for (const Hash& hash : ledger.ProofOf(i, entries.size())) {
      proven.add_inclusion_proof(hash.str());
    }
  }
  return instrument;
}

}  // namespace

const Target kInstrumentTarget{"instrument",
                               8 * 1024,
                               [](std::string_view input) {
                                 static const FoundingAct act = SmallLedger().act();
                                 const auto instrument = ParseInstrumentFile(input);
                                 const auto proof = VerifyInstrument(input, act);
                                 ASSENT_CHECK(instrument.ok() || !proof.ok());
                                 if (instrument.ok())
                                   ASSENT_CHECK(FormatInstrumentFile(*instrument) == input);
                                 if (proof.ok())
                                   ASSENT_CHECK(proof->signatures.size() == kFounders);
                               },
                               [] {
                                 const std::string good = FormatInstrumentFile(SampleInstrument());
                                 ASSENT_CHECK(VerifyInstrument(good, SmallLedger().act()).ok());
                                 return std::vector<Seed>{{"good", good}};
                               },
                               []() -> const google::protobuf::Message* {
                                 return &v1::RatificationInstrument::default_instance();
                               },
                               kInstrumentMagic.size()};

}  // namespace assent::fuzz
