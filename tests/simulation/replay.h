// What a node holds at the end of a run: that nothing of the log is missing, and that the whole of
// it is valid from the founding act on, by a state that no node has touched.
#ifndef ASSENT_TESTS_SIMULATION_REPLAY_H_
#define ASSENT_TESTS_SIMULATION_REPLAY_H_

#include <optional>
#include <string>

#include "ledger/rules/rules.h"
#include "node/replica/store.h"
#include "tests/simulation/history.h"

namespace assent::simulation {

// Every entry is where the log has it, and each author's are without gaps. What is wrong, nothing
// when all is well.
std::optional<std::string> CheckStore(const replica::ReadView& view, const History& history);

// The blocks of `view` executed one after the other on an empty ledger.
std::optional<std::string> Replay(const replica::ReadView& view, const rules::Genesis& genesis);

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_REPLAY_H_
