// A list of launch classes for a founding act, or the classes of launch vehicles for an import:
// TOML.
#include "client/default_classes.h"
#include "client/launch_list.h"
#include "tests/fuzz/target.h"

namespace assent::fuzz {

const Target kClassListTarget{
    "class_list", 2 * 1024,
    [](std::string_view input) {
      const auto classes = client::ParseClasses(input, "classes.toml");
      if (classes.ok()) static_cast<void>(CheckLaunchClasses(*classes).ok());
      const auto vehicles = client::VehicleClasses::Parse(input, "vehicles.toml");
      if (vehicles.ok()) static_cast<void>(vehicles->Find("Falcon 9"));
    },
    [] {
      return std::vector<Seed>{
          {"classes",
           "[[class]]\nid = \"SLV_LIGHT\"\nkind = \"SPACE_LAUNCH\"\nname = \"light\"\n"
           "[[class]]\nid = \"BM_SHORT\"\nkind = \"BALLISTIC_MISSILE\"\nname = \"short\"\n"},
          {"vehicles", "[classes]\n\"Falcon\" = \"SLV_MEDIUM\"\n\"\" = \"SLV_LIGHT\"\n"}};
    }};

}  // namespace assent::fuzz
