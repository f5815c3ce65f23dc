// Work that falls apart into many equal pieces, on all cores.
#ifndef ASSENT_CLIENT_PARALLEL_H_
#define ASSENT_CLIENT_PARALLEL_H_

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

namespace assent::client {

// Calls work(0) ... work(count - 1), each once, on up to `threads` threads, the caller's among
// them. `work` is called by several threads at once and must not throw.
template <class Work>
void ParallelFor(std::size_t count, std::size_t threads, const Work& work) {
  constexpr std::size_t kAtATime = 8;
  std::atomic<std::size_t> next = 0;
  const auto run = [&] {
    for (std::size_t first = next.fetch_add(kAtATime); first < count;
         first = next.fetch_add(kAtATime)) {
      for (std::size_t i = first; i < std::min(count, first + kAtATime); ++i) work(i);
    }
  };
  std::vector<std::jthread> helpers;
  for (std::size_t i = 1; i < std::min(threads, (count + kAtATime - 1) / kAtATime); ++i) {
    helpers.emplace_back(run);
  }
  run();
}

// The same for who is handed how to work.
inline auto OnThreads(std::size_t threads) {
  return [threads](std::size_t count, const std::function<void(std::size_t)>& work) {
    ParallelFor(count, threads, work);
  };
}

}  // namespace assent::client

#endif  // ASSENT_CLIENT_PARALLEL_H_
