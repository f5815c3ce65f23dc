#include "tests/bench/scale/folder.h"

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/crypto/key_file.h"
#include "ledger/limits.h"
#include "tests/bench/scale/chain.h"
#include "tests/bench/scale/states.h"

namespace assent::bench {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

// For its owner only: it may hold a secret.
absl::Status WriteFile(const fs::path& path, const std::string& content) {
  std::ofstream file(path, std::ios::binary);
  file << content;
  file.close();
  std::error_code error;
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write, error);
  if (file.fail() || error)
    return absl::InternalError(absl::StrCat("cannot write ", path.string()));
  return absl::OkStatus();
}

absl::Status WriteMarks(const fs::path& path, const Marks& marks) {
  const ordered_json json = {{"entries", marks.entries},         {"height", marks.height},
                             {"old_entries", marks.old_entries}, {"old_height", marks.old_height},
                             {"record", marks.record},           {"year", marks.year},
                             {"old_year", marks.old_year}};
  return WriteFile(path, json.dump(2) + "\n");
}

}  // namespace

absl::Status MakeFolder(const std::string& path, std::size_t states_count, std::uint64_t entries,
                        const std::function<void(std::uint64_t)>& progress) {
  std::error_code error;
  const fs::path folder(path);
  if (!fs::create_directory(folder, error)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "cannot make ", path, ": ", error ? error.message() : "it exists", "; give a new folder"));
  }
  std::vector<State> states;
  for (std::size_t i = 0; i < states_count; ++i) states.emplace_back(i);
  const FoundingAct act = MakeAct(states, FoundedAt());
  if (absl::Status good = CheckAct(act); !good.ok()) return good;
  absl::Status status = WriteFile(folder / "act.txt", FormatAct(act));
  status.Update(
      WriteFile(folder / "node.seed", WritePlainKey(KeyPurpose::kNode, states[0].node_seed)));
  status.Update(
      WriteFile(folder / "reader.key", WritePlainKey(KeyPurpose::kReader, states[0].reader_seed)));
  status.Update(WriteConfig(path, "node.toml", kPeerPortDefault, kClientPortDefault).status());
  if (!status.ok()) return status;

  fs::create_directory(folder / "data", error);
  if (error) return absl::InternalError(absl::StrCat("cannot make a folder in ", path));
  auto chain = Chain::Make((folder / "data" / "ledger").string(), act, states);
  if (!chain.ok()) return chain.status();
  const auto marks = WriteHistory(**chain, states, entries, progress);
  if (!marks.ok()) return marks.status();
  if (status = (*chain)->WriteCheckpoint(); !status.ok()) return status;
  return WriteMarks(folder / "scale.json", *marks);
}

absl::StatusOr<Marks> ReadMarks(const std::string& path) {
  std::ifstream file(fs::path(path) / "scale.json");
  const ordered_json json = ordered_json::parse(file, nullptr, /*allow_exceptions=*/false);
  Marks marks;
  const std::pair<const char*, std::uint64_t*> numbers[] = {{"entries", &marks.entries},
                                                            {"height", &marks.height},
                                                            {"old_entries", &marks.old_entries},
                                                            {"old_height", &marks.old_height},
                                                            {"record", &marks.record}};
  const std::pair<const char*, std::int64_t*> years[] = {{"year", &marks.year},
                                                         {"old_year", &marks.old_year}};
  const auto has = [&](const char* name) {
    return json.is_object() && json.contains(name) && json[name].is_number_integer();
  };
  for (const auto& [name, value] : numbers) {
    if (!has(name)) return absl::InvalidArgumentError(path + " is no folder that was made here");
    *value = json[name].get<std::uint64_t>();
  }
  for (const auto& [name, value] : years) {
    if (!has(name)) return absl::InvalidArgumentError(path + " is no folder that was made here");
    *value = json[name].get<std::int64_t>();
  }
  return marks;
}

absl::StatusOr<std::string> WriteConfig(const std::string& path, const std::string& name,
                                        std::uint16_t peer_port, std::uint16_t client_port) {
  const fs::path config = fs::path(path) / name;
  const absl::Status written = WriteFile(
      config, absl::StrCat("data_dir = \"data\"\nact = \"act.txt\"\nseed_file = \"node.seed\"\n",
                           "peer.listen = \"127.0.0.1:", peer_port,
                           "\"\nclient.listen = \"127.0.0.1:", client_port,
                           "\"\nquota.reads_of_address = \"1000000\"\n",
                           "quota.reads_of_key = \"1000000\"\n"));
  if (!written.ok()) return written;
  return config.string();
}

absl::StatusOr<std::uint64_t> BytesOf(const std::string& path) {
  std::error_code error;
  std::uint64_t bytes = 0;
  for (fs::recursive_directory_iterator at(path, error), end; !error && at != end;
       at.increment(error)) {
    if (at->is_regular_file(error)) bytes += at->file_size(error);
    if (error) break;
  }
  if (error) return absl::InternalError(absl::StrCat("cannot read ", path, ": ", error.message()));
  return bytes;
}

}  // namespace assent::bench
