// The class list that a founding act gets when its founders bring none: generic classes as the
// Code's declarations and notifications use them, by range for missiles and by payload for
// launchers.
#ifndef ASSENT_CLIENT_DEFAULT_CLASSES_H_
#define ASSENT_CLIENT_DEFAULT_CLASSES_H_

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "ledger/act/founding_act.h"

namespace assent::client {

std::vector<LaunchClass> DefaultClasses();

// A class list from TOML: [[class]] with id, kind (BALLISTIC_MISSILE or SPACE_LAUNCH) and name.
absl::StatusOr<std::vector<LaunchClass>> ParseClasses(std::string_view text, std::string_view name);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_DEFAULT_CLASSES_H_
