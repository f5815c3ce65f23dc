// A progress bar on standard error for work that takes longer than two seconds, on a terminal only.
#ifndef ASSENT_CLIENT_PROGRESS_H_
#define ASSENT_CLIENT_PROGRESS_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace assent::client {

// "checked  [=====>    ]  52%  5,200/10,000 blocks  3s left"; `width` columns at most.
std::string ProgressLine(std::string_view label, std::string_view unit, std::uint64_t done,
                         std::uint64_t total, std::chrono::seconds elapsed, std::size_t width);

// One thread. Draws at most ten times a second and clears its line at the end.
class Progress {
 public:
  using Clock = std::chrono::steady_clock;
  // Writes text to the terminal; null draws nothing.
  using Draw = std::function<void(const std::string&)>;

  Progress(std::string label, std::string unit, Draw draw,
           std::function<Clock::time_point()> now = Clock::now);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void Update(std::uint64_t done, std::uint64_t total);

 private:
  std::string label_;
  std::string unit_;
  Draw draw_;
  std::function<Clock::time_point()> now_;
  Clock::time_point start_;
  Clock::time_point drawn_;
  bool shown_ = false;
};

// Draws on standard error; null when that is no terminal.
Progress::Draw StandardErrorDraw();

}  // namespace assent::client

#endif  // ASSENT_CLIENT_PROGRESS_H_
