#include "ledger/rules/typed_state.h"

#include <cstdio>
#include <cstdlib>

namespace assent::rules {

void StopOnDamagedState(std::string_view key) {
  std::fprintf(
      stderr,
      "the stored state is damaged at key '%.*s': stopping; restore this node from a backup "
      "or let it catch up anew\n",
      static_cast<int>(key.size()), key.data());
  std::abort();
}

}  // namespace assent::rules
