// Lists of launches as tables, and the records that their states file of them: a notification of
// each launch, and a report when it has taken place.
#ifndef ASSENT_CLIENT_LAUNCH_LIST_H_
#define ASSENT_CLIENT_LAUNCH_LIST_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "assent/v1/entry.pb.h"
#include "ledger/act/founding_act.h"
#include "ledger/types.h"

namespace assent::client {

inline constexpr std::size_t kLaunchListBytesMax = 64 * 1024 * 1024;
// The window that is announced: so long before the launch and after it.
inline constexpr Duration kWindowHalf = Hours(1);

// One launch of a list.
struct Launch {
  struct Place {
    std::int32_t latitude_udeg = 0;  // millionths of a degree
    std::int32_t longitude_udeg = 0;
  };
  int line = 0;  // of the list, for messages
  MemberCode state;
  Time time;                   // as the list has it
  std::string site;            // its name
  std::optional<Place> place;  // where the list knows it
  std::string vehicle;
  bool failed = false;
  // What its state calls it: time and vehicle as the list has them, with a number where a state has
  // launched the same at the same minute before. Follows from the list alone, so that the same list
  // gives the same references.
  std::string reference;
};

// A CSV with the columns launch_time_utc, state, site, latitude_deg, longitude_deg (both or
// neither), vehicle, outcome ("launched" or "failed"); in the order of the list. InvalidArgument
// "NAME:LINE: what is wrong".
absl::StatusOr<std::vector<Launch>> ParseLaunches(std::string_view text, std::string_view name);

// The class of each vehicle.
class VehicleClasses {
 public:
  // A TOML file with one table, [classes]: `"beginning of a vehicle's name" = "CLASS_ID"`.
  // InvalidArgument as above.
  static absl::StatusOr<VehicleClasses> Parse(std::string_view text, std::string_view name);

  // By the longest beginning of the name that is in the file, be it the whole or nothing of it;
  // null when there is none.
  const std::string* Find(std::string_view vehicle) const;

 private:
  std::map<std::string, std::string, std::less<>> by_beginning_;
};

// What the list does not say and every record needs.
struct ImportTerms {
  Duration shift{};  // is added to all times
  v1::Visibility visibility = v1::MEMBERS;
  std::string direction = "E";  // compass point
  Time issued_at{};
};

// Of space launches, or of what `classes` says of the class. An area without coordinates is the
// site's name, as a named area.
v1::Body NotificationOf(const Launch& launch, const std::string& class_id,
                        const std::vector<LaunchClass>& classes, const ImportTerms& terms);
v1::Body ReportOf(const Launch& launch, EntryIndex notification, const ImportTerms& terms);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_LAUNCH_LIST_H_
