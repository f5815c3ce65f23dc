// Time of a simulated run: events happen one after the other, at instants that somebody asked for.
#ifndef ASSENT_TESTS_SIMULATION_WORLD_H_
#define ASSENT_TESTS_SIMULATION_WORLD_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "ledger/types.h"

namespace assent::simulation {

class World {
 public:
  static constexpr std::uint64_t kActionsPerInstantMax = 200'000;

  // Microseconds since the start of the run.
  std::int64_t now_us() const { return now_us_; }
  // Does `action` after a while. Actions of one instant happen in the order in which they were
  // asked for.
  void After(Duration delay, std::function<void()> action);
  // Lets things happen until `until_us`, or until `stop` says so. False when time does not move any
  // more: something wakes itself for ever.
  bool Run(std::int64_t until_us, const std::function<bool()>& stop);

  // Adds to the transcript: what happened, to whom. Two runs of one seed must agree in all of it.
  void Note(std::string_view what, std::uint64_t who, std::string_view detail = {});
  std::uint64_t transcript() const { return transcript_; }
  std::uint64_t notes() const { return notes_; }
  // Prints every note.
  void set_verbose(bool verbose) { verbose_ = verbose; }

 private:
  void Hash(std::string_view bytes);

  std::int64_t now_us_ = 0;
  std::uint64_t asked_ = 0;
  std::map<std::pair<std::int64_t, std::uint64_t>, std::function<void()>> actions_;
  std::uint64_t transcript_ = 0xcbf29ce484222325;  // FNV-1a
  std::uint64_t notes_ = 0;
  bool verbose_ = false;
};

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_WORLD_H_
