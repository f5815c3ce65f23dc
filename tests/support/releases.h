// Split duties on a test ledger: bodies that name a releaser, and that one has released.
#ifndef ASSENT_TESTS_SUPPORT_RELEASES_H_
#define ASSENT_TESTS_SUPPORT_RELEASES_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "assent/v1/entry.pb.h"
#include "ledger/crypto/keys.h"
#include "tests/support/test_ledger.h"

namespace assent::testing {

// `code` names one releaser, who has `key`.
v1::Body NamingReleaser(const TestLedger& ledger, std::string_view code, const std::string& name,
                        const SigningKey& key);

// `body` released by `key` under `name`, as the author's entry of this sequence that MakeEntry
// makes.
v1::Body Released(const TestLedger& ledger, std::string_view author, std::uint64_t sequence,
                  const std::string& name, const SigningKey& key, v1::Body body);

}  // namespace assent::testing

#endif  // ASSENT_TESTS_SUPPORT_RELEASES_H_
