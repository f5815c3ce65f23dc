#include "client/launch_list.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "client/csv.h"
#include "client/tree.h"
#include "ledger/limits.h"

namespace assent::client {
namespace {

constexpr double kUdegPerDegree = 1'000'000;

enum Column { kTime, kState, kSite, kLatitude, kLongitude, kVehicle, kOutcome };
constexpr std::array<std::string_view, 7> kColumns{
    "launch_time_utc", "state", "site", "latitude_deg", "longitude_deg", "vehicle", "outcome"};

absl::Status Fault(std::string_view name, int line, std::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(AbslView(name), ":", line, ": ", AbslView(what)));
}

// Where each of kColumns stands in a table.
absl::StatusOr<std::array<std::size_t, kColumns.size()>> FindColumns(const CsvTable& table,
                                                                     std::string_view name) {
  std::array<std::size_t, kColumns.size()> places{};
  for (std::size_t i = 0; i < kColumns.size(); ++i) {
    const auto found = std::find(table.columns.begin(), table.columns.end(), kColumns[i]);
    if (found == table.columns.end()) {
      return Fault(name, 1, absl::StrCat("column ", AbslView(kColumns[i]), " is missing"));
    }
    places[i] = static_cast<std::size_t>(found - table.columns.begin());
  }
  return places;
}

// Degrees with a decimal point, up to `max_deg` in size.
std::optional<std::int32_t> Degrees(std::string_view text, double max_deg) {
  double degrees = 0;
  if (!absl::SimpleAtod(AbslView(text), &degrees) || !(std::abs(degrees) <= max_deg)) {
    return std::nullopt;
  }
  return static_cast<std::int32_t>(std::lround(degrees * kUdegPerDegree));
}

// Takes one row apart.
class RowReader {
 public:
  RowReader(const CsvTable::Row& row, const std::array<std::size_t, kColumns.size()>& places,
            std::string_view name)
      : row_(row), places_(places), name_(name) {}

  absl::StatusOr<Launch> Read() const {
    Launch launch;
    launch.line = row_.line;
    const auto state = MemberCode::From(Cell(kState));
    if (!state) return Wrong(kState, "is no code of a state: 3 to 8 letters A-Z");
    launch.state = *state;
    const auto time = ParseTime(Cell(kTime));
    if (!time.ok()) return Wrong(kTime, time.status().message());
    launch.time = *time;
    launch.site = Cell(kSite);
    launch.vehicle = Cell(kVehicle);
    if (launch.site.empty()) return Wrong(kSite, "is empty: where is it launched from?");
    if (launch.vehicle.empty()) return Wrong(kVehicle, "is empty: what is launched?");
    if (Cell(kOutcome) != "launched" && Cell(kOutcome) != "failed") {
      return Wrong(kOutcome, "is neither launched nor failed");
    }
    launch.failed = Cell(kOutcome) == "failed";
    if (auto status = ReadPlace(launch); !status.ok()) return status;
    return launch;
  }

 private:
  const std::string& Cell(Column column) const { return row_.cells[places_[column]]; }

  absl::Status Wrong(Column column, absl::string_view what) const {
    return Fault(name_, row_.line,
                 absl::StrCat(AbslView(kColumns[column]), " \"", Cell(column), "\" ", what));
  }

  absl::Status ReadPlace(Launch& launch) const {
    if (Cell(kLatitude).empty() && Cell(kLongitude).empty()) return absl::OkStatus();
    const auto latitude = Degrees(Cell(kLatitude), kLatitudeMaxUdeg / kUdegPerDegree);
    const auto longitude = Degrees(Cell(kLongitude), kLongitudeMaxUdeg / kUdegPerDegree);
    if (!latitude) return Wrong(kLatitude, "is not from -90 to 90");
    if (!longitude) return Wrong(kLongitude, "is not from -180 to 180");
    // The antimeridian is written one way on the ledger.
    launch.place = Launch::Place{
        .latitude_udeg = *latitude,
        .longitude_udeg = *longitude == -kLongitudeMaxUdeg ? kLongitudeMaxUdeg : *longitude};
    return absl::OkStatus();
  }

  const CsvTable::Row& row_;
  const std::array<std::size_t, kColumns.size()>& places_;
  const std::string_view name_;
};

// At most `bytes_max` bytes, without cutting a character of UTF-8 in two.
std::string Shortened(std::string text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  text.resize(end);
  return text;
}

// Gives each launch a reference that no other launch of its state in the list has.
void GiveReferences(std::vector<Launch>& launches) {
  constexpr std::size_t kNumberBytesMax = 8;
  std::set<std::pair<MemberCode, std::string>> taken;
  // All numbers below are taken: a list that says the same of each launch is read in good time.
  std::map<std::pair<MemberCode, std::string>, int> next_number;
  for (Launch& launch : launches) {
    const std::string base = Shortened(absl::StrCat(FormatTime(launch.time), " ", launch.vehicle),
                                       kReferenceBytesMax - kNumberBytesMax);
    launch.reference = base;
    int& number = next_number.try_emplace({launch.state, base}, 2).first->second;
    for (; !taken.emplace(launch.state, launch.reference).second; ++number) {
      launch.reference = absl::StrCat(base, " #", number);
    }
  }
}

void SetPoint(v1::Coordinates& point, const Launch::Place& place) {
  point.set_latitude_udeg(place.latitude_udeg);
  point.set_longitude_udeg(place.longitude_udeg);
}

v1::Body NewBody(const ImportTerms& terms) {
  v1::Body body;
  body.set_visibility(terms.visibility);
  body.set_issued_at_us(terms.issued_at.us);
  return body;
}

}  // namespace

absl::StatusOr<std::vector<Launch>> ParseLaunches(std::string_view text, std::string_view name) {
  const auto table = ParseCsv(text, name);
  if (!table.ok()) return table.status();
  const auto places = FindColumns(*table, name);
  if (!places.ok()) return places.status();
  std::vector<Launch> launches;
  for (const CsvTable::Row& row : table->rows) {
    auto launch = RowReader(row, *places, name).Read();
    if (!launch.ok()) return launch.status();
    launches.push_back(*std::move(launch));
  }
  GiveReferences(launches);
  return launches;
}

absl::StatusOr<VehicleClasses> VehicleClasses::Parse(std::string_view text, std::string_view name) {
  const auto tree = ParseToml(text, name);
  if (!tree.ok()) return tree.status();
  const Tree* table = tree->Find("classes");
  if (table == nullptr || table->As<Tree::Map>() == nullptr || tree->As<Tree::Map>()->size() != 1) {
    return Fault(name, 1, "one table [classes] is needed: \"beginning of a name\" = \"CLASS_ID\"");
  }
  VehicleClasses classes;
  for (const auto& [beginning, value] : *table->As<Tree::Map>()) {
    const auto* class_id = value.As<std::string>();
    if (class_id == nullptr) {
      return Fault(name, value.line,
                   absl::StrCat("\"", beginning, "\" must be a class, as a string"));
    }
    classes.by_beginning_.emplace(beginning, *class_id);
  }
  return classes;
}

const std::string* VehicleClasses::Find(std::string_view vehicle) const {
  for (std::size_t size = vehicle.size() + 1; size-- > 0;) {
    const auto found = by_beginning_.find(vehicle.substr(0, size));
    if (found != by_beginning_.end()) return &found->second;
  }
  return nullptr;
}

v1::Body NotificationOf(const Launch& launch, const std::string& class_id,
                        const std::vector<LaunchClass>& classes, const ImportTerms& terms) {
  v1::Body body = NewBody(terms);
  v1::LaunchNotification& said = *body.mutable_launch_notification();
  said.set_reference(launch.reference);
  const bool missile = std::any_of(classes.begin(), classes.end(), [&](const LaunchClass& listed) {
    return listed.id == class_id && listed.kind == ClassKind::kBallisticMissile;
  });
  said.set_kind(missile ? v1::BALLISTIC_MISSILE : v1::SPACE_LAUNCH);
  said.set_class_id(class_id);
  const Time at = launch.time + terms.shift;
  said.set_window_start_us((at - kWindowHalf).us);
  said.set_window_end_us((at + kWindowHalf).us);
  if (launch.place) {
    v1::Site& site = *said.mutable_area()->mutable_site();
    site.set_name(launch.site);
    SetPoint(*site.mutable_location(), *launch.place);
  } else {
    said.mutable_area()->set_sea_area(launch.site);
  }
  said.mutable_direction()->set_compass_point(terms.direction);
  said.set_count(1);
  return body;
}

v1::Body ReportOf(const Launch& launch, EntryIndex notification, const ImportTerms& terms) {
  v1::Body body = NewBody(terms);
  v1::LaunchReport& said = *body.mutable_launch_report();
  said.set_notification(notification.value());
  said.set_launched_at_us((launch.time + terms.shift).us);
  said.set_outcome(launch.failed ? v1::FAILED : v1::LAUNCHED);
  return body;
}

}  // namespace assent::client
