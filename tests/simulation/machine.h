// What a node runs on, whatever it is a node of: it stands still, its clock is wrong, its disk
// fails, and its operator starts it again.
#ifndef ASSENT_TESTS_SIMULATION_MACHINE_H_
#define ASSENT_TESTS_SIMULATION_MACHINE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>

#include "tests/simulation/disk.h"
#include "tests/simulation/stage.h"

namespace assent::simulation {

class Machine : public SimNode {
 public:
  void AtNextWrite(std::function<void()> crash) final { at_next_write_ = std::move(crash); }
  void Pause(Duration length) final;
  void SetClock(Duration skew) final { skew_ = skew; }
  void BreakDisk(DiskFault fault) final;
  void FreeDisk() final;
  void Rot() final;
  void MendDisk() final;

 protected:
  // `parts` of its disk can be rotten.
  Machine(const Setting& setting, NodeId id, std::size_t parts, Random random);

  // It is down, and nothing is left but the disk.
  virtual void Die();
  // Before it starts: false when its disk does not let it, and it tries later. A disk that was
  // found rotten is wiped.
  bool OpenDisk();
  // It stops because of this; somebody starts it again.
  void StopForDisk(const absl::Status& why);

  bool awake() const { return awake_us_ <= setting_.world->now_us(); }
  // Does it when the node does not stand still; never when it has died meanwhile.
  template <class Action>
  void WhenAwake(Action action) {
    if (awake()) return action();
    Later(Duration{awake_us_ - setting_.world->now_us()}, std::move(action));
  }
  template <class Action>
  void Later(Duration delay, Action action) {
    setting_.world->After(delay, [this, life = life_, action = std::move(action)] {
      if (life == life_ && up()) WhenAwake(action);
    });
  }
  // How long the next write takes. Who waits for one to crash in it does.
  Duration BeginWrite();

  const Setting setting_;
  const NodeId id_;
  Random random_;
  Duration skew_;
  Disk disk_;
  std::uint64_t life_ = 0;

 private:
  const std::size_t parts_of_disk_;
  std::int64_t awake_us_ = 0;  // it stands still until then
  std::function<void()> at_next_write_;
};

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_MACHINE_H_
