// A certificate: u8 number of voters || certificate.
#include "ledger/membership/certificate.h"

#include "tests/fuzz/samples.h"
#include "tests/fuzz/target.h"

namespace assent::fuzz {

const Target kCertificateTarget{
    "certificate", 2 * 1024,
    [](std::string_view input) {
      static const VoterSet four = Ledger().act.voters();
      if (input.empty() || input[0] == '\0') return;
      const std::size_t voters = static_cast<unsigned char>(input[0]);
      const auto certificate = ParseCertificate(input.substr(1), voters);
      if (!certificate.ok()) return;
      ASSENT_CHECK(EncodeCertificate(*certificate, voters) == input.substr(1));
      if (voters != four.size()) return;
      const bool good = VerifyCertificate(*certificate, Ledger().id(), four).ok();
      ASSENT_CHECK(!good || certificate->votes.size() >= four.quorum());
    },
    [] {
      std::vector<Seed> seeds;
      for (const VoteKind kind : {VoteKind::kNotarize, VoteKind::kSkip, VoteKind::kFinalize}) {
        seeds.push_back({std::string(VoteKindName(kind)),
                         '\x04' + EncodeCertificate(SampleCertificate(kind), 4)});
      }
      seeds.push_back(
          {"of_17", '\x11' + EncodeCertificate(SampleCertificate(VoteKind::kSkip), 17)});
      return seeds;
    }};

}  // namespace assent::fuzz
