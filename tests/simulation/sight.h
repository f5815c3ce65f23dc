// What the holder of a key may read at some height, by the second reading of the log.
#ifndef ASSENT_TESTS_SIMULATION_SIGHT_H_
#define ASSENT_TESTS_SIMULATION_SIGHT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/types.h"
#include "tests/simulation/history.h"

namespace assent::simulation {

struct Sight {
  std::optional<MemberCode> member;  // whose reader key it is, or its node's
  std::vector<std::uint64_t> given;  // else: accreditations in force

  // `history` outlives it.
  Sight(const History* history, const History::Moment& now, const std::optional<PublicKey>& key);

  // A body for members, by that author and of that type; all of that type.
  bool Covers(const MemberCode& author, const std::string& type) const;
  bool CoversAll(const std::string& type) const;
  // A type that there is not is in no scope but that of all bodies.
  bool SeesAll() const { return CoversAll(""); }
  // The body of an entry.
  bool May(const History::Filed& filed) const {
    return filed.is_public || Covers(filed.author, filed.type);
  }

 private:
  const History* history_;
};

// Where an accreditation stood then.
v1::AccreditationStatus StandingOf(const History::Accreditation& given, const History::Moment& now);

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_SIGHT_H_
