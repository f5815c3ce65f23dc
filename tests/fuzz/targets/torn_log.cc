// The end of a database's log behind a power cut.
#include "node/storage/torn_log.h"

#include "tests/fuzz/target.h"

namespace assent::fuzz {
namespace {

// A fragment of a record, with a checksum that nobody looks at here.
std::string Fragment(char kind, std::size_t bytes, char fill) {
  const std::string header{
      'c', 'r', 'c', '.', static_cast<char>(bytes & 0xFF), static_cast<char>(bytes >> 8), kind};
  return header + std::string(bytes, fill);
}

constexpr char kFull = 1;
constexpr char kFirst = 2;
constexpr char kLast = 4;

}  // namespace

const Target kTornLogTarget{
    "torn_log", 70'000,
    [](std::string_view input) {
      const std::size_t end = storage::EndOfLog(input);
      ASSENT_CHECK(end <= input.size());
      // Nothing is taken off but with a sector that was never written.
      const std::string unwritten(storage::kLastSectorBytesMin, '\0');
      ASSENT_CHECK(end == input.size() ||
                   input.substr(end).find(unwritten) != std::string_view::npos);
    },
    [] {
      const std::string whole = Fragment(kFull, 700, 'a') + Fragment(kFull, 1'500, 'b');
      std::string torn = whole;
      torn.replace(1'024, 512, 512, '\0');
      const std::string across =
          Fragment(kFirst, 32'768 - 7, 'f') + Fragment(kLast, 800, 'l') + std::string(600, '\0');
      return std::vector<Seed>{{"whole", whole}, {"torn", torn}, {"across", across}};
    }};

}  // namespace assent::fuzz
