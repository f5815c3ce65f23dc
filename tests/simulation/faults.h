// The kinds of things that go wrong in a run. Each can be left out, so that a run that fails can be
// made small.
#ifndef ASSENT_TESTS_SIMULATION_FAULTS_H_
#define ASSENT_TESTS_SIMULATION_FAULTS_H_

#include <array>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>

namespace assent::simulation {

inline constexpr std::array<std::string_view, 14> kFaults{
    "attackers",  // up to f nodes
    "weather",    // loss, delay, reordering, repetition
    "slow",       // links that are slow for a while
    "divide",     // the net falls into two
    "oneway",     // links that carry in one direction only
    "crash",      // and restart, mostly within a write, which is then on disk or not
    "wipe",       // a disk is lost, or rots, which is found when that is read
    "losses",     // more than f disks at one moment, and an act of the members
    "disk",       // writes that fail, or are said to have failed, and disks that stay full
    "pause",      // a process stands still
    "clock",      // clocks that are wrong and jump
    "members",    // states join and leave, keys and votes change
    "suspend",    // a node is gone for long and its vote is suspended
    "revise",     // rounds of signatures
};

// Those that are left out.
using FaultsOff = std::set<std::string, std::less<>>;

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_FAULTS_H_
