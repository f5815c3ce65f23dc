// The states of a made-up ledger and their secrets: made from their codes, so that one command
// gives the same ledger again. Such secrets protect nothing.
#ifndef ASSENT_TESTS_BENCH_SCALE_STATES_H_
#define ASSENT_TESTS_BENCH_SCALE_STATES_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "assent/v1/entry.pb.h"
#include "ledger/act/founding_act.h"
#include "ledger/block/digests.h"
#include "ledger/crypto/keys.h"
#include "ledger/types.h"

namespace assent::bench {

inline constexpr std::size_t kVotingStates = 4;
inline constexpr std::size_t kStatesMax = 26 * 26;  // AAA, AAB, ... AZZ
inline constexpr std::string_view kLightClass = "SLV_LIGHT";
inline constexpr std::string_view kMissileClass = "BM_SHORT";

struct State {
  explicit State(std::size_t index);
  MemberCode code;
  std::string name;
  SecretSeed node_seed;
  SecretSeed reader_seed;
  SigningKey authority;
  SigningKey reader;
  NodeKeys node;
  AuthorHead head;  // its newest entry
};

// Founded by the first kVotingStates of `states`, whose nodes vote, and signed by them.
FoundingAct MakeAct(const std::vector<State>& states, Time founded);

// The note by which a state that is no founder subscribes.
v1::Body NoteOf(const State& state, const LedgerId& ledger);

}  // namespace assent::bench

#endif  // ASSENT_TESTS_BENCH_SCALE_STATES_H_
