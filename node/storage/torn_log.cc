#include "node/storage/torn_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>

#include "absl/functional/function_ref.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace assent::storage {
namespace {

namespace fs = std::filesystem;

// A log is a row of blocks. Each begins with a fragment of a record, and a fragment is a header
// (checksum u32, size u16 little-endian, kind u8) and its bytes, all in one block.
constexpr std::size_t kBlockBytes = 32'768;
constexpr std::size_t kHeaderBytes = 7;

enum Kind : std::uint8_t { kUnwritten = 0, kFull = 1, kFirst = 2, kMiddle = 3, kLast = 4 };

struct Fragment {
  std::uint8_t kind = kUnwritten;
  std::size_t bytes = 0;  // with its header
};

// What stands at `at`; nothing when it cannot be a fragment.
std::optional<Fragment> FragmentAt(std::string_view log, std::size_t at) {
  if (log.size() - at < kHeaderBytes) return std::nullopt;
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(log[at + i]); };
  const Fragment fragment{byte(6),
                          kHeaderBytes + byte(4) + (static_cast<std::size_t>(byte(5)) << 8)};
  if (fragment.kind < kFull || fragment.kind > kLast) return std::nullopt;
  if (at % kBlockBytes + fragment.bytes > kBlockBytes) return std::nullopt;
  return fragment;
}

struct Extent {
  std::size_t begin = 0;
  std::size_t end = 0;  // of the last fragment that was found
  bool whole = false;
};

// The last record whose beginning can be found.
Extent LastRecord(std::string_view log) {
  Extent last;
  std::size_t at = 0;
  while (at < log.size()) {
    const auto fragment = FragmentAt(log, at);
    if (!fragment) {
      at += kBlockBytes - at % kBlockBytes;
      continue;
    }
    const std::size_t end = std::min(at + fragment->bytes, log.size());
    const bool here = at + fragment->bytes <= log.size();
    if (fragment->kind == kFull || fragment->kind == kFirst) {
      last = {at, end, fragment->kind == kFull && here};
    } else if (!last.whole && last.end > 0) {
      last.end = end;
      last.whole = fragment->kind == kLast && here;
    }
    at = end;
  }
  return last;
}

// Whether a sector between these places has nothing but zeros.
bool HasUnwrittenSector(std::string_view log, std::size_t begin, std::size_t end) {
  for (std::size_t at = (begin + kSectorBytes - 1) / kSectorBytes * kSectorBytes;
       at + kLastSectorBytesMin <= end; at += kSectorBytes) {
    const std::string_view sector = log.substr(at, std::min(kSectorBytes, end - at));
    if (sector.find_first_not_of('\0') == std::string_view::npos) return true;
  }
  return false;
}

// The file NUMBER.log with the largest number that is not empty.
std::optional<fs::path> NewestLog(const std::string& folder) {
  std::optional<fs::path> newest;
  std::uint64_t largest = 0;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    std::uint64_t number = 0;
    if (entry.path().extension() != ".log" || entry.file_size(error) == 0 || error ||
        !absl::SimpleAtoi(entry.path().stem().string(), &number)) {
      continue;
    }
    if (newest && number < largest) continue;
    newest = entry.path();
    largest = number;
  }
  return newest;
}

absl::Status Failed(const std::string& path) {
  return absl::InternalError(absl::StrCat("cannot mend the end of ", path, ": ",
                                          std::strerror(errno),
                                          "; mend the disk, then start again"));
}

// Changes the file by `change`, which returns whether it could, so that it is on disk.
absl::Status Change(const std::string& path, int flags, absl::FunctionRef<bool(int file)> change) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | flags);
  if (file < 0) return Failed(path);
  absl::Status status = change(file) && ::fsync(file) == 0 ? absl::OkStatus() : Failed(path);
  ::close(file);
  return status;
}

}  // namespace

std::size_t EndOfLog(std::string_view log) {
  const Extent last = LastRecord(log);
  if (last.end == 0) return log.size();
  const bool torn = HasUnwrittenSector(log, last.begin, log.size());
  if (!torn) return log.size();
  const bool before = !last.whole || HasUnwrittenSector(log, last.begin, last.end);
  return before ? last.begin : last.end;
}

absl::StatusOr<TornEnd> CutTornLog(const std::string& folder) {
  const auto newest = NewestLog(folder);
  if (!newest) return TornEnd();
  const std::string path = newest->string();
  std::error_code error;
  const std::uintmax_t size = fs::file_size(*newest, error);
  if (error || size > kTornLogBytesMax) return TornEnd();
  std::string log(size, '\0');
  std::ifstream file(path, std::ios::binary);
  if (!file.read(log.data(), static_cast<std::streamsize>(size))) return Failed(path);
  const std::size_t end = EndOfLog(log);
  if (end == size) return TornEnd();
  const absl::Status status = Change(path, 0, [end](int descriptor) {
    return ::ftruncate(descriptor, static_cast<off_t>(end)) == 0;
  });
  if (!status.ok()) return status;
  return TornEnd{path, log.substr(end)};
}

absl::Status PutBack(const TornEnd& end) {
  return Change(end.path, O_APPEND, [&end](int descriptor) {
    std::string_view left = end.bytes;
    while (!left.empty()) {
      const ssize_t written = ::write(descriptor, left.data(), left.size());
      if (written <= 0) return false;
      left.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  });
}

}  // namespace assent::storage
