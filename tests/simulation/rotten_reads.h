// What a client is shown by a node whose disk is rotten in places is what it would be shown of a
// sound one, or the word that the database is damaged: never something else, and never less.
#ifndef ASSENT_TESTS_SIMULATION_ROTTEN_READS_H_
#define ASSENT_TESTS_SIMULATION_ROTTEN_READS_H_

#include <optional>
#include <string>

#include "ledger/act/founding_act.h"
#include "node/replica/store.h"
#include "tests/simulation/random.h"

namespace assent::simulation {

// Reads once in each of several ways, and says what is wrong with an answer.
std::optional<std::string> CheckRottenReads(const replica::ReadView& rotten,
                                            const replica::ReadView& sound, const ActText& act,
                                            Random& random);

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_ROTTEN_READS_H_
