// libFuzzer's two entry points, for the target that the command line names. libFuzzer itself passes
// over options that begin with two dashes.
#include <google/protobuf/stubs/logging.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fuzz/target.h"

namespace assent::fuzz {
namespace {

constexpr std::array kTargets{
    &kAccessTokenTarget,    &kActTarget,
    &kAuditTarget,          &kBlockHeaderTarget,
    &kBlockTarget,          &kBodyTarget,
    &kCertificatePemTarget, &kCertificateTarget,
    &kCheckpointTarget,     &kClassListTarget,
    &kClientSettingsTarget, &kDraftFileTarget,
    &kEntriesFileTarget,    &kEntriesRequestTarget,
    &kEntryTarget,          &kEvidenceRowTarget,
    &kEvidenceTarget,       &kFinalBlockTarget,
    &kInstrumentTarget,     &kKeptMessageTarget,
    &kKeyFileTarget,        &kLaunchListTarget,
    &kLeafTarget,           &kNodeConfigTarget,
    &kPageRequestTarget,    &kPageTokenTarget,
    &kPeerMessageTarget,    &kPublicKeysTarget,
    &kQuestionTarget,       &kReceiptTarget,
    &kRecordFileTarget,     &kRefusalTarget,
    &kRestartTarget,        &kStoredValueTarget,
    &kTextTarget,           &kTilePathTarget,
    &kTokenUriTarget,       &kTornLogTarget,
    &kVoteTarget,
};

constexpr std::string_view kTargetOption = "--target=";
constexpr std::string_view kSeedsOption = "--seeds=";

const Target* chosen = nullptr;

[[noreturn]] void Usage() {
  std::fputs(
      "usage: assent_fuzz --list\n"
      "       assent_fuzz --seeds=FOLDER                            write the corpus anew\n"
      "       assent_fuzz --target=NAME [OPTION...] [CORPUS|INPUT...]  as libFuzzer has it "
      "(-help=1)\n",
      stderr);
  std::exit(2);
}

void WriteSeeds(const std::filesystem::path& folder) {
  for (const Target* target : kTargets) {
    std::filesystem::create_directories(folder / target->name);
    for (const Seed& seed : target->seeds()) {
      ASSENT_CHECK(seed.bytes.size() <= target->bytes_max);
      std::ofstream file(folder / target->name / seed.name, std::ios::binary);
      file.write(seed.bytes.data(), static_cast<std::streamsize>(seed.bytes.size()));
      ASSENT_CHECK(file.good());
    }
  }
}

}  // namespace

const Target& Chosen() { return *chosen; }

}  // namespace assent::fuzz

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  using namespace assent::fuzz;  // NOLINT: a function of C
  for (int i = 1; i < *argc; ++i) {
    const std::string_view argument = (*argv)[i];
    if (argument == "--list") {
      for (const Target* target : kTargets) std::puts(std::string(target->name).c_str());
      std::exit(0);
    }
    if (argument.starts_with(kSeedsOption)) {
      WriteSeeds(argument.substr(kSeedsOption.size()));
      std::exit(0);
    }
    if (!argument.starts_with(kTargetOption)) continue;
    const std::string_view name = argument.substr(kTargetOption.size());
    const auto found = std::find_if(kTargets.begin(), kTargets.end(),
                                    [&](const Target* target) { return target->name == name; });
    if (found == kTargets.end()) Usage();
    chosen = *found;
  }
  if (chosen == nullptr) Usage();
  google::protobuf::SetLogHandler(nullptr);  // it tells of each text that is not UTF-8
  // The bound of an input is the target's own.
  static std::string bound = "-max_len=" + std::to_string(chosen->bytes_max);
  static std::vector<char*> arguments(*argv, *argv + *argc);
  arguments.push_back(bound.data());
  *argc = static_cast<int>(arguments.size());
  arguments.push_back(nullptr);
  *argv = arguments.data();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  assent::fuzz::Chosen().run({reinterpret_cast<const char*>(data), size});
  return 0;
}
