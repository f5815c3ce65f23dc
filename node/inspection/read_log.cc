#include "node/inspection/read_log.h"

#include <fcntl.h>
#include <google/protobuf/util/json_util.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/types.h"

namespace assent::inspection {
namespace {

namespace fs = std::filesystem;
namespace json = google::protobuf::util;

std::string Older(const std::string& path, std::size_t number) {
  return absl::StrCat(path, ".", number);
}

// A rename lasts only when the folder is on disk too.
bool SyncFolderOf(const std::string& path) {
  const std::string folder = fs::path(path).parent_path().string();
  const int fd = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool synced = ::fsync(fd) == 0;
  ::close(fd);
  return synced;
}

bool EndsWithLine(int fd, std::size_t size) {
  char last = '\n';
  return size == 0 || (::pread(fd, &last, 1, static_cast<off_t>(size) - 1) == 1 && last == '\n');
}

// The files of the log, oldest first.
std::vector<std::string> FilesOf(const std::string& path) {
  std::size_t count = 0;
  std::error_code error;
  while (fs::exists(Older(path, count + 1), error)) ++count;
  std::vector<std::string> files;
  for (; count > 0; --count) files.push_back(Older(path, count));
  if (fs::exists(path, error)) files.push_back(path);
  return files;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ReadLog>> ReadLog::Open(
    const std::string& path, std::function<void(const absl::Status&)> on_failure,
    std::size_t file_bytes_max, std::size_t files_max) {
  std::unique_ptr<ReadLog> log(new ReadLog(path, std::move(on_failure), file_bytes_max, files_max));
  if (const absl::Status opened = log->OpenFile(); !opened.ok()) {
    return absl::FailedPreconditionError(opened.message());
  }
  return log;
}

ReadLog::~ReadLog() {
  if (fd_ >= 0) ::close(fd_);
}

absl::Status ReadLog::Failed(std::string_view what, int error) const {
  return absl::UnavailableError(absl::StrCat("cannot ", AbslView(what),
                                             " the log of inspectors' reads ", path_, ": ",
                                             std::strerror(error)));
}

absl::Status ReadLog::OpenFile() {
  const int fd = ::open(path_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd < 0) return Failed("open", errno);
  struct stat found {};
  if (::fstat(fd, &found) != 0 || !S_ISREG(found.st_mode) || !SyncFolderOf(path_)) {
    const int error = S_ISREG(found.st_mode) ? errno : EISDIR;
    ::close(fd);
    return Failed("use", error);
  }
  fd_ = fd;
  file_bytes_ = static_cast<std::size_t>(found.st_size);
  torn_ = !EndsWithLine(fd_, file_bytes_);
  return absl::OkStatus();
}

absl::Status ReadLog::Append(const v1::InspectorRead& read) {
  json::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string line;
  if (!json::MessageToJsonString(read, &line, options).ok()) {
    return absl::UnavailableError("a read cannot be written as JSON");
  }
  line += '\n';
  std::unique_lock lock(mutex_);
  absl::Status appended = AppendLine(std::move(line), read.bodies() > 0, lock);
  if (!std::exchange(failing_, !appended.ok()) && failing_) on_failure_(appended);
  return appended;
}

absl::Status ReadLog::AppendLine(std::string line, bool sync, std::unique_lock<std::mutex>& lock) {
  if (absl::Status ready = MakeRoom(line.size(), lock); !ready.ok()) return ready;
  if (absl::Status written = Write(std::move(line)); !written.ok()) return written;
  return sync ? SyncTo(written_, lock) : absl::OkStatus();
}

absl::Status ReadLog::Write(std::string line) {
  if (torn_) line.insert(line.begin(), '\n');
  std::string_view rest = line;
  while (!rest.empty()) {
    const ssize_t count = ::write(fd_, rest.data(), rest.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      torn_ = torn_ || rest.size() < line.size();
      return Failed("write", count < 0 ? errno : EIO);
    }
    rest.remove_prefix(static_cast<std::size_t>(count));
    file_bytes_ += static_cast<std::size_t>(count);
    written_ += static_cast<std::uint64_t>(count);
  }
  torn_ = false;
  return absl::OkStatus();
}

absl::Status ReadLog::SyncTo(std::uint64_t end, std::unique_lock<std::mutex>& lock) {
  while (synced_ < end) {
    if (!broken_.ok()) return broken_;
    if (syncing_) {
      synced_or_failed_.wait(lock);
      continue;
    }
    syncing_ = true;
    const std::uint64_t target = written_;
    lock.unlock();
    const int error = ::fdatasync(fd_) == 0 ? 0 : errno;
    lock.lock();
    syncing_ = false;
    if (error == 0) {
      synced_ = target;
    } else {
      broken_ = Failed("sync", error);
    }
    synced_or_failed_.notify_all();
  }
  return absl::OkStatus();
}

absl::Status ReadLog::MakeRoom(std::size_t bytes, std::unique_lock<std::mutex>& lock) {
  const auto full = [&] { return file_bytes_ > 0 && file_bytes_ + bytes > file_bytes_max_; };
  // What another thread syncs must stay open.
  while (fd_ >= 0 && full() && syncing_) synced_or_failed_.wait(lock);
  if (!broken_.ok()) return broken_;
  if (fd_ >= 0 && !full()) return absl::OkStatus();
  if (fd_ >= 0) {
    if (::fdatasync(fd_) != 0) return broken_ = Failed("sync", errno);
    synced_ = written_;
    ::close(std::exchange(fd_, -1));
    for (std::size_t number = files_max_ - 1; number > 1; --number) {
      ::rename(Older(path_, number - 1).c_str(), Older(path_, number).c_str());
    }
    if (::rename(path_.c_str(), Older(path_, 1).c_str()) != 0) return Failed("rename", errno);
  }
  return OpenFile();
}

absl::StatusOr<std::size_t> ReadAll(const std::string& path,
                                    absl::FunctionRef<void(const v1::InspectorRead&)> visit) {
  const std::vector<std::string> files = FilesOf(path);
  if (files.empty()) {
    return absl::NotFoundError(absl::StrCat(path, ": no such log of inspectors' reads"));
  }
  std::size_t damaged = 0;
  for (const std::string& name : files) {
    std::ifstream file(name, std::ios::binary);
    if (!file) {
      return absl::UnavailableError(absl::StrCat("cannot read ", name, ": ", std::strerror(errno)));
    }
    std::string line;
    while (std::getline(file, line)) {
      v1::InspectorRead read;
      if (json::JsonStringToMessage(line, &read).ok()) {
        visit(read);
      } else {
        ++damaged;
      }
    }
  }
  return damaged;
}

}  // namespace assent::inspection
