// Checks of our own reasoning. They hold in every build: a broken invariant in a ledger must stop
// the process before it signs anything. Never for what comes from outside.
#ifndef ASSENT_LEDGER_CHECK_H_
#define ASSENT_LEDGER_CHECK_H_

#include <cstdio>
#include <cstdlib>

namespace assent {

[[noreturn]] inline void CheckFailed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: check failed: %s\n", file, line, condition);
  std::abort();
}

}  // namespace assent

// Aborts with file, line and the condition unless it holds.
#define ASSENT_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::assent::CheckFailed(#condition, __FILE__, __LINE__))

#endif  // ASSENT_LEDGER_CHECK_H_
