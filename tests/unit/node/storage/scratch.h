// A folder of a test's own, removed at its end.
#ifndef ASSENT_TESTS_UNIT_NODE_STORAGE_SCRATCH_H_
#define ASSENT_TESTS_UNIT_NODE_STORAGE_SCRATCH_H_

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace assent::storage {

class Scratch {
 public:
  Scratch() {
    std::string name = ::testing::TempDir() + "assent.XXXXXX";
    if (mkdtemp(name.data()) == nullptr) std::abort();
    root_ = name;
  }
  ~Scratch() { std::filesystem::remove_all(root_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::string path(std::string_view name) const { return (root_ / name).string(); }

 private:
  std::filesystem::path root_;
};

}  // namespace assent::storage

#endif  // ASSENT_TESTS_UNIT_NODE_STORAGE_SCRATCH_H_
