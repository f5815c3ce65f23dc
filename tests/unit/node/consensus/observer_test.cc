// consensus::Observer.
#include <gtest/gtest.h>

#include <variant>
#include <vector>

#include "tests/unit/node/consensus/harness.h"

namespace assent::consensus {
namespace {

class Seen : public Observer {
 public:
  void Made(const Config& config) override { made.push_back(config.epoch); }
  void Took(const Event& event) override { took.push_back(event.index()); }
  void Did(const Effects& effects) override {
    EXPECT_EQ(++did, took.size()) << "each step is told before it is taken, and when it is done";
    for (const JournalRecord& record : effects.persist) records.push_back(record.kind);
  }

  std::vector<Epoch> made;
  std::vector<std::size_t> took;
  std::size_t did = 0;
  std::vector<RecordKind> records;
};

constexpr std::size_t IndexOf(const Event& event) { return event.index(); }

TEST(ObserverTest, SeesWhatACoreIsMadeOfIsToldAndDoes) {
  const Voters voters(4);
  Seen seen;
  Node node(&voters, 0, {.observer = &seen});
  EXPECT_EQ(seen.made, std::vector<Epoch>{kEpoch});
  EXPECT_EQ(seen.took, std::vector<std::size_t>{IndexOf(Tick())});

  const BlockPtr block = voters.MakeBlock(1, {MakeEntry(1)});
  node.Propose(block);
  EXPECT_EQ(seen.did, seen.took.size());
  EXPECT_EQ(seen.records, (std::vector{RecordKind::kBlock, RecordKind::kNotarize}));

  node.Restart();
  EXPECT_EQ(seen.made.size(), 2u);
}

}  // namespace
}  // namespace assent::consensus
