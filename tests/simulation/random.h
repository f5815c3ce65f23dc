// Chance that repeats itself: the same seed gives the same sequence on every machine.
#ifndef ASSENT_TESTS_SIMULATION_RANDOM_H_
#define ASSENT_TESTS_SIMULATION_RANDOM_H_

#include <cstdint>

namespace assent::simulation {

// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t Next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  // 0 to n - 1; n > 0.
  std::uint64_t Below(std::uint64_t n) { return Next() % n; }
  // low to high, both included.
  std::int64_t Between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(Below(static_cast<std::uint64_t>(high - low) + 1));
  }
  bool Chance(int permille) { return Below(1'000) < static_cast<std::uint64_t>(permille); }
  // A source of its own, so that using one does not shift the other.
  Random Split() { return Random(Next()); }

 private:
  std::uint64_t state_;
};

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_RANDOM_H_
