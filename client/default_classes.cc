#include "client/default_classes.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "client/tree.h"

namespace assent::client {

std::vector<LaunchClass> DefaultClasses() {
  return {
      {"SLV_LIGHT", ClassKind::kSpaceLaunch, "space launch vehicle, light: up to 2 t to low orbit"},
      {"SLV_MEDIUM", ClassKind::kSpaceLaunch,
       "space launch vehicle, medium: 2 t to 20 t to low orbit"},
      {"SLV_HEAVY", ClassKind::kSpaceLaunch, "space launch vehicle, heavy: over 20 t to low orbit"},
      {"SLV_OTHER", ClassKind::kSpaceLaunch, "space launch vehicle of another kind"},
      {"BM_SHORT", ClassKind::kBallisticMissile, "ballistic missile, range up to 1,000 km"},
      {"BM_MEDIUM", ClassKind::kBallisticMissile, "ballistic missile, range 1,000 km to 3,000 km"},
      {"BM_INTERMEDIATE", ClassKind::kBallisticMissile,
       "ballistic missile, range 3,000 km to 5,500 km"},
      {"BM_INTERCONTINENTAL", ClassKind::kBallisticMissile,
       "ballistic missile, range over 5,500 km"},
      {"BM_SUBMARINE", ClassKind::kBallisticMissile, "ballistic missile launched from a submarine"},
  };
}

absl::StatusOr<std::vector<LaunchClass>> ParseClasses(std::string_view text,
                                                      std::string_view name) {
  const auto tree = ParseToml(text, name);
  if (!tree.ok()) return tree.status();
  const Tree* list = tree->Find("class");
  if (list == nullptr || list->As<Tree::List>() == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat(AbslView(name), ": a list of [[class]] with id, kind and name is needed"));
  }
  std::vector<LaunchClass> classes;
  for (const Tree& item : *list->As<Tree::List>()) {
    const auto text_of = [&item](std::string_view key) {
      const Tree* member = item.Find(key);
      const auto* value = member == nullptr ? nullptr : member->As<std::string>();
      return value == nullptr ? std::string() : *value;
    };
    const std::string kind = text_of("kind");
    if (kind != "BALLISTIC_MISSILE" && kind != "SPACE_LAUNCH") {
      return absl::InvalidArgumentError(absl::StrCat(
          AbslView(name), ":", item.line, ": kind must be BALLISTIC_MISSILE or SPACE_LAUNCH"));
    }
    classes.push_back(
        {text_of("id"),
         kind == "SPACE_LAUNCH" ? ClassKind::kSpaceLaunch : ClassKind::kBallisticMissile,
         text_of("name")});
  }
  return classes;
}

}  // namespace assent::client
