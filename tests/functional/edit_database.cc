// Does to a node's database what a fault of the disk or of a program may do: changes one key. The
// node must be stopped.
//
//   edit-database FOLDER list FAMILY                 prints all keys, in hex
//   edit-database FOLDER flip FAMILY KEY OFFSET      turns one bit of the value's byte
//   edit-database FOLDER delete FAMILY KEY
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "node/storage/database.h"

namespace assent::storage {
namespace {

int Fail(std::string_view what) {
  std::fprintf(stderr, "edit-database: %.*s\n", static_cast<int>(what.size()), what.data());
  return 1;
}

std::optional<Family> FamilyOf(std::string_view name) {
  for (std::size_t i = 0; i < kFamilies; ++i) {
    if (FamilyName(Family{i}) == name) return Family{i};
  }
  return std::nullopt;
}

int List(const Database& database, Family family) {
  Range range(database, family, "", "", nullptr);
  for (; range.Valid(); range.Next()) {
    std::printf("%s\n", absl::BytesToHexString({range.key().data(), range.key().size()}).c_str());
  }
  return range.status().ok() ? 0 : Fail("cannot read");
}

int Flip(const Database& database, Family family, const std::string& key, std::size_t offset) {
  auto value = database.Get(family, key, nullptr);
  if (!value.ok() || !value->has_value()) return Fail("no such key");
  if (offset >= (*value)->size()) return Fail("the value is shorter");
  (**value)[offset] = static_cast<char>((**value)[offset] ^ 1);
  return database.db().Put({}, database.handle(family), key, **value).ok() ? 0
                                                                           : Fail("cannot write");
}

int Main(const std::vector<std::string>& arguments) {
  if (arguments.size() < 3) return Fail("FOLDER COMMAND FAMILY ...");
  const auto family = FamilyOf(arguments[2]);
  if (!family) return Fail("no such family");
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const auto status = rocksdb::DB::Open(DatabaseOptions(), arguments[0], Families(), &handles, &db);
  if (!status.ok()) return Fail(status.ToString());
  const Database database(std::unique_ptr<rocksdb::DB>(db), handles, {}, {});
  if (arguments[1] == "list") return List(database, *family);
  if (arguments.size() < 4) return Fail("a key is needed");
  const std::string key = absl::HexStringToBytes(arguments[3]);
  if (arguments[1] == "delete") {
    return database.db().Delete({}, database.handle(*family), key).ok() ? 0 : Fail("cannot write");
  }
  std::size_t offset = 0;
  if (arguments[1] == "flip" && arguments.size() == 5 && absl::SimpleAtoi(arguments[4], &offset)) {
    return Flip(database, *family, key, offset);
  }
  return Fail("no such command");
}

}  // namespace
}  // namespace assent::storage

int main(int argc, char** argv) {
  return assent::storage::Main(std::vector<std::string>(argv + 1, argv + argc));
}
