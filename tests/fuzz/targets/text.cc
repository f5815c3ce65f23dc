// The small parts of which larger texts are made: times, hex, base64, endpoints, names, words.
#include "ledger/bytes.h"
#include "ledger/entry/strict.h"
#include "ledger/log/checkpoint.h"
#include "ledger/membership/endpoint.h"
#include "ledger/types.h"
#include "tests/fuzz/target.h"

namespace assent::fuzz {

const Target kTextTarget{"text", 256,
                         [](std::string_view input) {
                           if (const auto time = ParseTime(input); time.ok()) {
                             const auto again = ParseTime(FormatTime(*time));
                             ASSENT_CHECK(again.ok() && *again == *time);
                           }
                           if (const auto bytes = FromBase64(input))
                             ASSENT_CHECK(ToBase64(*bytes) == input);
                           if (const auto bytes = FromHex(input))
                             ASSENT_CHECK(FromHex(ToHex(*bytes)) == bytes);
                           if (const auto code = MemberCode::From(input))
                             ASSENT_CHECK(code->str() == input);
                           static_cast<void>(IsEndpoint(input));
                           static_cast<void>(CheckOrigin(input).ok());
                           if (CheckText(input, 1, 256, false).ok())
                             ASSENT_CHECK(CheckText(input, 0, 256, true).ok());
                         },
                         [] {
                           return std::vector<Seed>{
                               {"time", "2026-03-31T23:59:59.000001Z"},
                               {"date", "2024-02-29"},
                               {"base64", ToBase64("some bytes")},
                               {"hex", ToHex("some bytes")},
                               {"code", "FRA"},
                               {"endpoint", "[2001:db8::1]:7401"},
                               {"origin", "code.example/assent"},
                               {"words", "Déclaration \u1E9B\u0323 \u0646\u200C\u0645 \uAC00"},
                               {"lines", "one\ntwo\n"}};
                         }};

}  // namespace assent::fuzz
