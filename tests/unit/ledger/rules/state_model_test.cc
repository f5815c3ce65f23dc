// Stacks of overlays do what maps do, whatever is put, removed, read and taken over, in any order.
#include <gtest/gtest.h>

#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "ledger/rules/state.h"

namespace assent {
namespace {

using Model = std::map<std::string, std::string>;
using Pairs = std::vector<std::pair<std::string, std::string>>;

constexpr std::size_t kLayersMax = 4;

void Apply(const StateWrites& writes, Model& model) {
  for (const auto& [key, value] : writes) {
    if (value) {
      model[key] = *value;
    } else {
      model.erase(key);
    }
  }
}

class Story {
 public:
  explicit Story(unsigned seed) : random_(seed) {
    for (std::size_t i = Below(30); i > 0; --i) {
      const std::string key = AnyKey();
      memory_.Apply({{key, key + "0"}});
      models_[0][key] = key + "0";
    }
  }

  void Step() {
    switch (Below(12)) {
      case 0:
        return Stack();
      case 1:
        return Drop();
      case 2:
        return TakeOver();
      case 3:
      case 4:
      case 5:
        return Remove();
      default:
        return Put();
    }
  }

  // Of each layer, down to the memory, what a reader can see; and of the writes of the top.
  void Check() {
    for (std::size_t i = 0; i < models_.size(); ++i) CheckView(View(i), models_[i]);
    if (layers_.empty()) return;
    const StateWrites writes = layers_.back()->writes();
    CheckView(WritesView(&View(layers_.size() - 1), &writes), models_.back());
  }

 private:
  std::size_t Below(std::size_t n) { return random_() % n; }

  // Few and short, so that they meet, and one is the beginning of another.
  std::string AnyKey() {
    std::string key;
    for (std::size_t i = Below(4); i > 0; --i) key += std::string("\0ab\xff", 4)[Below(4)];
    return key;
  }

  // The memory is 0, the layers on it are 1 and more.
  const StateView& View(std::size_t i) const {
    if (i == 0) return memory_;
    return *layers_[i - 1];
  }

  void Put() {
    if (layers_.empty()) return Stack();
    const std::string key = AnyKey();
    const std::string value = Below(8) == 0 ? "" : std::to_string(Below(1000));
    layers_.back()->Put(key, value);
    models_.back()[key] = value;
  }

  void Remove() {
    if (layers_.empty()) return Stack();
    const std::string key = AnyKey();
    layers_.back()->Remove(key);
    models_.back().erase(key);
  }

  void Stack() {
    if (layers_.size() == kLayersMax) return Drop();
    layers_.push_back(std::make_unique<StateOverlay>(&View(layers_.size())));
    models_.push_back(models_.back());
  }

  void Drop() {
    if (layers_.empty()) return;
    layers_.pop_back();
    models_.pop_back();
  }

  // The layer below has what the top has.
  void TakeOver() {
    if (layers_.empty()) return;
    const StateWrites writes = layers_.back()->TakeWrites();
    const Model top = models_.back();
    Drop();
    Apply(writes, models_.back());
    EXPECT_EQ(models_.back(), top);
    if (layers_.empty()) {
      memory_.Apply(writes);
      return;
    }
    for (const auto& [key, value] : writes) {
      if (value) {
        layers_.back()->Put(key, *value);
      } else {
        layers_.back()->Remove(key);
      }
    }
  }

  void CheckView(const StateView& view, const Model& model) {
    const std::string key = AnyKey();
    const auto found = model.find(key);
    EXPECT_EQ(view.Get(key), found == model.end() ? std::nullopt : std::optional(found->second));

    const std::string prefix = AnyKey();
    const std::string from = Below(2) == 0 ? "" : AnyKey();
    const std::size_t limit = 1 + Below(10);
    Pairs expected;
    for (const auto& each : model) {
      if (expected.size() == limit) break;
      if (each.first.starts_with(prefix) && each.first >= from) expected.push_back(each);
    }
    Pairs seen;
    view.Scan(prefix, from, [&](std::string_view k, std::string_view v) {
      seen.emplace_back(k, v);
      return seen.size() < limit;
    });
    EXPECT_EQ(seen, expected);
  }

  std::mt19937 random_;
  MemoryState memory_;
  std::vector<std::unique_ptr<StateOverlay>> layers_;
  std::vector<Model> models_{1};
};

TEST(StateModel, StacksOfOverlaysAreLikeMaps) {
  for (unsigned seed = 1; seed <= 100 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Story story(seed);
    for (int step = 0; step < 100 && !HasFailure(); ++step) {
      story.Step();
      story.Check();
    }
  }
}

}  // namespace
}  // namespace assent
