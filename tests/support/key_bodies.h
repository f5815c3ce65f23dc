// Bodies of the records by which members change their authority keys, and keys to change to.
#ifndef ASSENT_TESTS_SUPPORT_KEY_BODIES_H_
#define ASSENT_TESTS_SUPPORT_KEY_BODIES_H_

#include <string_view>

#include "assent/v1/entry.pb.h"
#include "ledger/crypto/keys.h"
#include "ledger/types.h"
#include "tests/support/test_ledger.h"

namespace assent::testing {

// A key of its own for each name.
SigningKey KeyNamed(std::string_view name);

// All PUBLIC. `key` is a name.
v1::Body RotationBody(const TestLedger& ledger, std::string_view code, std::string_view key);
v1::Body ReplacementBody(const TestLedger& ledger, std::string_view code, std::string_view key);
v1::Body EndorsementBody(EntryIndex question);

}  // namespace assent::testing

#endif  // ASSENT_TESTS_SUPPORT_KEY_BODIES_H_
