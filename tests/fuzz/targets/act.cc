// A founding act from a file.
#include <string>

#include "ledger/act/founding_act.h"
#include "tests/fuzz/samples.h"
#include "tests/fuzz/target.h"

namespace assent::fuzz {

const Target kActTarget{"act", 16 * 1024,
                        [](std::string_view input) {
                          const auto act = ParseAct(input);
                          if (!act.ok()) return;
                          ASSENT_CHECK(FormatAct(*act) == input);
                          ASSENT_CHECK(CheckActText(act->text).ok());
                          if (CheckAct(*act).ok())
                            ASSENT_CHECK(act->voters().size() == act->text.founders.size());
                        },
                        [] {
                          FoundingAct unsigned_act = Ledger().act;
                          unsigned_act.signatures.clear();
                          return std::vector<Seed>{
                              {"signed", FormatAct(Ledger().act)},
                              {"unsigned", FormatAct(unsigned_act)},
                              {"one_founder", FormatAct(testing::TestLedger(1).act)}};
                        }};

}  // namespace assent::fuzz
