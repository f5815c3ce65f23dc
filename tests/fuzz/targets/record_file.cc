// A record as a person writes it: TOML or JSON.
#include "client/records.h"
#include "client/templates.h"
#include "client/tree.h"
#include "tests/fuzz/target.h"
#include "tests/unit/ledger/rules/good_records.h"

namespace assent::fuzz {

const Target kRecordFileTarget{
    "record_file", 4 * 1024,
    [](std::string_view input) {
      const auto file = client::ParseTree(input, "a.toml");
      if (!file.ok() || file->As<client::Tree::Map>() == nullptr) return;
      static_cast<void>(client::ToJson(*file));
      static_cast<void>(client::ToToml(*file));
      const auto record = client::ReadRecord(*file, "a.toml", Time{1});
      if (!record.ok()) return;
      // What is shown of it says the same, or is refused when it cannot be said.
      const std::string words = client::ToToml(client::RecordTree(record->body));
      const auto again = client::ParseToml(words, "again");
      ASSENT_CHECK(again.ok());
      const auto same = client::ReadRecord(*again, "again", Time{1});
      if (same.ok()) {
        ASSENT_CHECK(same->body.SerializeAsString() == record->body.SerializeAsString());
      }
    },
    [] {
      std::vector<Seed> seeds;
      for (const rules::GoodRecord& good : rules::GoodRecords()) {
        rules::TestLedger ledger;
        const client::Tree words = client::RecordTree(good.prepare(ledger));
        seeds.push_back({std::string(good.type) + ".toml", client::ToToml(words)});
      }
      seeds.push_back({"LaunchReport.json",
                       "{\"type\": \"LaunchReport\", \"launched_at\": \"2026-01-01T00:00:00Z\",\n"
                       " \"kind\": \"SPACE_LAUNCH\", \"class_id\": \"SLV_A\"}\n"});
      return seeds;
    }};

}  // namespace assent::fuzz
