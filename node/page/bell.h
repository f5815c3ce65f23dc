// Wakes those that wait for news of the ledger.
#ifndef ASSENT_NODE_PAGE_BELL_H_
#define ASSENT_NODE_PAGE_BELL_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace assent::page {

// Any thread.
class Bell {
 public:
  // Something has become final. Returns at once.
  void Ring();
  // Nobody waits from here on.
  void Close();
  // How often it has rung.
  std::uint64_t rung() const;
  // Until it has rung more often than `heard`, or so long. False once it is closed.
  bool Wait(std::uint64_t heard, std::chrono::milliseconds at_most);
  // So long, whatever happens. False once it is closed.
  bool Pause(std::chrono::milliseconds time);

 private:
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::uint64_t rung_ = 0;
  bool closed_ = false;
};

}  // namespace assent::page

#endif  // ASSENT_NODE_PAGE_BELL_H_
