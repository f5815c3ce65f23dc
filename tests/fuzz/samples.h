// What several targets begin with: a ledger of four founders, and things that are good on it.
#ifndef ASSENT_TESTS_FUZZ_SAMPLES_H_
#define ASSENT_TESTS_FUZZ_SAMPLES_H_

#include <cstddef>
#include <string>
#include <vector>

#include "assent/v1/block.pb.h"
#include "ledger/membership/certificate.h"
#include "node/consensus/messages.h"
#include "tests/support/test_ledger.h"

namespace assent::fuzz {

const testing::TestLedger& Ledger();

Entry SampleEntry();  // with its body
consensus::Vote SampleVote(VoteKind kind, std::size_t voter);
Certificate SampleCertificate(VoteKind kind);  // of three voters
consensus::Block SampleBlock();                // of one entry, in view 7

// The first blocks of a ledger that runs: of two entries, of none, of one. Each has a certificate.
std::vector<v1::FinalBlock> SampleChain();

}  // namespace assent::fuzz

#endif  // ASSENT_TESTS_FUZZ_SAMPLES_H_
