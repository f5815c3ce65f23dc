// Time of a simulated run: events happen one after the other, at instants that somebody asked for.
#ifndef ASSENT_TESTS_SIMULATION_WORLD_H_
#define ASSENT_TESTS_SIMULATION_WORLD_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "ledger/types.h"

namespace assent::simulation {

class World {
 public:
  using Action = absl::AnyInvocable<void()>;

  static constexpr std::uint64_t kActionsPerInstantMax = 200'000;

  // Microseconds since the start of the run.
  std::int64_t now_us() const { return now_us_; }
  // Does `action` after a while. Actions of one instant happen in the order in which they were
  // asked for.
  void After(Duration delay, Action action);
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
  // Small and plain, since hundreds of thousands of them are moved about: what is done is in
  // `actions_`.
  struct Event {
    std::int64_t at_us;
    std::uint64_t asked;
    std::size_t action;
  };
  struct IsLater {
    bool operator()(const Event& a, const Event& b) const {
      return a.at_us != b.at_us ? a.at_us > b.at_us : a.asked > b.asked;
    }
  };
  void Hash(std::string_view bytes);

  std::int64_t now_us_ = 0;
  std::uint64_t asked_ = 0;
  std::vector<Event> events_;                      // a heap, the next one first
  std::vector<Action> actions_;                    // by Event::action
  std::vector<std::size_t> free_;                  // places in it that wait for the next
  std::uint64_t transcript_ = 0xcbf29ce484222325;  // FNV-1a
  std::uint64_t notes_ = 0;
  bool verbose_ = false;
};

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_WORLD_H_
