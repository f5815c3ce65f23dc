// The signatures of tests/ed25519/cases.txt, over which implementations differ: each line is the
// verdict, key, message, signature and why. Other verifiers are tried with the same file.
#ifndef ASSENT_TESTS_UNIT_LEDGER_CRYPTO_ED25519_CASES_H_
#define ASSENT_TESTS_UNIT_LEDGER_CRYPTO_ED25519_CASES_H_

#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "ledger/bytes.h"

namespace assent {

struct Ed25519Case {
  enum class Verdict { kGood, kBadSignature, kBadKey };
  Verdict verdict = Verdict::kGood;
  PublicKey key;
  std::string message;
  std::string signature;  // of any length
  std::string why;
};

inline std::vector<Ed25519Case> Ed25519Cases() {
  using enum Ed25519Case::Verdict;
  std::ifstream file(ASSENT_SOURCE_DIR "/tests/ed25519/cases.txt");
  const auto bytes = [](const std::string& hex) { return hex == "-" ? "" : FromHex(hex).value(); };
  std::vector<Ed25519Case> cases;
  std::string verdict, key, message, signature, why;
  while (file >> verdict >> key >> message >> signature && std::getline(file >> std::ws, why)) {
    cases.push_back({verdict == "good"  ? kGood
                     : verdict == "key" ? kBadKey
                                        : kBadSignature,
                     PublicKey::FromHexText(key).value(), bytes(message), bytes(signature), why});
  }
  if (!file.eof() || cases.empty()) throw std::runtime_error("cases.txt cannot be read");
  return cases;
}

}  // namespace assent

#endif  // ASSENT_TESTS_UNIT_LEDGER_CRYPTO_ED25519_CASES_H_
