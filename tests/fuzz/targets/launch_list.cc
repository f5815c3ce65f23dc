// A table of launches from a file.
#include "client/launch_list.h"

#include <set>

#include "tests/fuzz/samples.h"
#include "tests/fuzz/target.h"

namespace assent::fuzz {

const Target kLaunchListTarget{
    "launch_list", 4 * 1024,
    [](std::string_view input) {
      const auto launches = client::ParseLaunches(input, "launches.csv");
      if (!launches.ok()) return;
      std::set<std::pair<MemberCode, std::string>> references;
      for (const client::Launch& launch : *launches) {
        ASSENT_CHECK(references.emplace(launch.state, launch.reference).second);
        const v1::Body body =
            client::NotificationOf(launch, "SLV_LIGHT", Ledger().act.text.classes, {});
        ASSENT_CHECK(body.launch_notification().reference() == launch.reference);
        static_cast<void>(client::ReportOf(launch, EntryIndex(7), {}).ByteSizeLong());
      }
    },
    [] {
      const std::string header =
          "launch_time_utc,state,site,latitude_deg,longitude_deg,vehicle,outcome\n";
      return std::vector<Seed>{
          {"three", header +
                        "2026-03-31T23:59:59Z,FRA,Kourou,5.236,-52.769,Ariane 6,launched\n"
                        "2026-03-31T23:59:59Z,FRA,Kourou,,,Ariane 6,failed\n"
                        "2026-04-01,IND,\"Satish Dhawan, pad 1\",13.72,80.23,PSLV,launched\r\n"},
          {"quoted", header + "2026-01-01,JPN,\"a \"\"site\"\"\nof two lines\",,,H3,launched\n"}};
    }};

}  // namespace assent::fuzz
