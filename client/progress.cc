#include "client/progress.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/terminal.h"
#include "ledger/types.h"

namespace assent::client {
namespace {

constexpr std::chrono::seconds kShowAfter{2};
constexpr std::chrono::milliseconds kDrawEvery{100};
constexpr std::size_t kBarWidthMin = 10;
constexpr std::size_t kBarWidthMax = 30;
constexpr std::size_t kLineWidth = 79;

std::string Grouped(std::uint64_t number) {
  if (number < 1'000) return absl::StrCat(number);
  return absl::StrCat(Grouped(number / 1'000), ",", absl::Dec(number % 1'000, absl::kZeroPad3));
}

}  // namespace

std::string ProgressLine(std::string_view label, std::string_view unit, std::uint64_t done,
                         std::uint64_t total, std::chrono::seconds elapsed, std::size_t width) {
  const double part =
      total == 0 ? 0 : std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
  std::string tail = absl::StrFormat(" %3d%%  %s/%s %s", static_cast<int>(part * 100),
                                     Grouped(done), Grouped(total), AbslView(unit));
  if (part > 0 && part < 1) {
    const auto left = static_cast<double>(elapsed.count()) * (1 - part) / part;
    absl::StrAppend(&tail, "  ", static_cast<std::int64_t>(left), "s left");
  }
  const std::string head = absl::StrCat(AbslView(label), "  ");
  const std::size_t used = head.size() + tail.size() + 2;
  if (used + kBarWidthMin > width) return absl::StrCat(head, tail.substr(1));
  const std::size_t bar = std::min(kBarWidthMax, width - used);
  const auto filled = static_cast<std::size_t>(part * static_cast<double>(bar));
  return absl::StrCat(head, "[", std::string(filled, '='), std::string(bar - filled, ' '), "]",
                      tail);
}

Progress::Progress(std::string label, std::string unit, Draw draw,
                   std::function<Clock::time_point()> now)
    : label_(std::move(label)),
      unit_(std::move(unit)),
      draw_(std::move(draw)),
      now_(std::move(now)),
      start_(now_()),
      drawn_(start_) {}

Progress::~Progress() {
  if (shown_) draw_("\r\x1b[K");
}

void Progress::Update(std::uint64_t done, std::uint64_t total) {
  const auto now = now_();
  if (!draw_ || now - start_ < kShowAfter || (shown_ && now - drawn_ < kDrawEvery)) return;
  const auto elapsed = std::chrono::duration_cast<std::chrono::seconds>(now - start_);
  draw_("\r" + ProgressLine(label_, unit_, done, total, elapsed, kLineWidth) + "\x1b[K");
  drawn_ = now;
  shown_ = true;
}

Progress::Draw StandardErrorDraw() {
  if (!IsTerminal(stderr)) return nullptr;
  return [](const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stderr);
    std::fflush(stderr);
  };
}

}  // namespace assent::client
