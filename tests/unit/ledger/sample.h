// Keys, voters and a founding act for tests: always the same, made from small numbers.
#ifndef ASSENT_TESTS_UNIT_LEDGER_SAMPLE_H_
#define ASSENT_TESTS_UNIT_LEDGER_SAMPLE_H_

#include <string>
#include <utility>
#include <vector>

#include "ledger/act/founding_act.h"
#include "ledger/crypto/hash.h"
#include "ledger/crypto/keys.h"
#include "ledger/membership/voters.h"
#include "ledger/types.h"

namespace assent::sample {

// The key whose seed is SHA-256 of `name`.
inline SigningKey KeyNamed(const std::string& name) {
  return SigningKey(*SecretSeed::From(Sha256(name).view()));
}

inline Hash HashNamed(const std::string& name) { return Sha256(name); }

// AAA, AAB, ... in order.
inline MemberCode CodeAt(std::size_t i) {
  std::string text = "AAA";
  text[1] = static_cast<char>('A' + i / 26 % 26);
  text[2] = static_cast<char>('A' + i % 26);
  return *MemberCode::From(text);
}

// One of the five keys of member CodeAt(i).
inline SigningKey MemberKey(std::size_t i, KeyRole which) {
  return KeyNamed(CodeAt(i).str() + " " + std::string(KeyRoleName(which)));
}

inline Founder MakeFounder(std::size_t i) {
  Founder founder;
  founder.code = CodeAt(i);
  founder.name = "State of " + founder.code.str();
  founder.authority_key = MemberKey(i, KeyRole::kAuthority).public_key();
  founder.vote_key = MemberKey(i, KeyRole::kVote).public_key();
  founder.checkpoint_key = MemberKey(i, KeyRole::kCheckpoint).public_key();
  founder.transport_key = MemberKey(i, KeyRole::kTransport).public_key();
  founder.reader_key = MemberKey(i, KeyRole::kReader).public_key();
  founder.peer_endpoint = "node" + std::to_string(i) + ".example:7401";
  return founder;
}

inline ActText MakeActText(std::size_t founders) {
  ActText text;
  text.origin = "code.example/assent";
  text.founded = FromCivil({2026, 1, 1});
  text.classes = {{"BM_SHORT", ClassKind::kBallisticMissile, "Short-range ballistic missile"},
                  {"SLV_MEDIUM", ClassKind::kSpaceLaunch, "Medium space launch vehicle"}};
  text.code_title = "Code of Conduct";
  text.code_text = "1. States announce their launches.\n\n  2. They are free to join.\n";
  for (std::size_t i = 0; i < founders; ++i) text.founders.push_back(MakeFounder(i));
  return text;
}

inline LedgerId IdOf(const ActText& text) {
  return *LedgerId::From(Sha256(FormatActText(text)).view());
}

// Signed by every key of every founder.
inline FoundingAct SignedAct(ActText text) {
  FoundingAct act{std::move(text), {}, {}};
  act.ledger_id = IdOf(act.text);
  for (std::size_t i = 0; i < act.text.founders.size(); ++i) {
    for (const KeyRole which : {KeyRole::kAuthority, KeyRole::kVote, KeyRole::kCheckpoint,
                                KeyRole::kTransport, KeyRole::kReader}) {
      const MemberCode& code = act.text.founders[i].code;
      act.signatures[{code, which}] = SignAct(act.ledger_id, code, which, MemberKey(i, which));
    }
  }
  return act;
}

inline FoundingAct MakeAct(std::size_t founders) { return SignedAct(MakeActText(founders)); }

inline Voter MakeVoter(std::size_t i) {
  return {CodeAt(i), MemberKey(i, KeyRole::kVote).public_key(),
          MemberKey(i, KeyRole::kCheckpoint).public_key(),
          MemberKey(i, KeyRole::kTransport).public_key()};
}

inline VoterSet MakeVoters(std::size_t count) {
  std::vector<Voter> voters;
  for (std::size_t i = 0; i < count; ++i) voters.push_back(MakeVoter(i));
  return VoterSet::Make(std::move(voters)).value();
}

// `bytes` with one bit turned over.
inline std::string WithBitFlipped(std::string bytes, std::size_t bit) {
  bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
  return bytes;
}

}  // namespace assent::sample

#endif  // ASSENT_TESTS_UNIT_LEDGER_SAMPLE_H_
