// Makes a run that fails smaller: what can be left out of it is not why it fails.
#ifndef ASSENT_TESTS_SIMULATION_SHRINK_H_
#define ASSENT_TESTS_SIMULATION_SHRINK_H_

#include "tests/simulation/simulation.h"

namespace assent::simulation {

// Leaves out kinds of faults, single faults, attackers, and the end of the storm, for as long as
// the run still fails at the same check. `failed` is what `options` gives. Prints how far it is,
// and stops after some hundred tries or a few minutes with what it has by then.
RunOptions Shrink(const RunOptions& options, const RunResult& failed);

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_SHRINK_H_
