// What inspectors have read at this node: a file to which each read is appended before it is
// answered, as a line of JSON (assent.v1.InspectorRead). A full file gets the name `PATH.1`, the
// one before that `PATH.2`, and so on.
#ifndef ASSENT_NODE_INSPECTION_READ_LOG_H_
#define ASSENT_NODE_INSPECTION_READ_LOG_H_

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "assent/v1/inspection.pb.h"
#include "node/inspection/limits.h"

namespace assent::inspection {

// Any thread.
class ReadLog {
 public:
  // Makes the file when it is not there, for its owner only. `file_bytes_max` and `files_max` (at
  // least 2): as in limits.h. FailedPrecondition: it cannot be opened, and why.
  // `on_failure` is told why when reads begin to be refused; any thread calls it, one at a time.
  static absl::StatusOr<std::unique_ptr<ReadLog>> Open(
      const std::string& path, std::function<void(const absl::Status&)> on_failure,
      std::size_t file_bytes_max = kReadLogFileBytesMax, std::size_t files_max = kReadLogFilesMax);
  ~ReadLog();
  ReadLog(const ReadLog&) = delete;
  ReadLog& operator=(const ReadLog&) = delete;

  // Appends one read. When it tells of bodies, returns only once it would survive a power cut;
  // reads of several threads share the wait. Unavailable: it is not in the log, and nothing may be
  // answered. After a failed sync what is on disk is unknown: everything is refused from then on.
  absl::Status Append(const v1::InspectorRead& read);

 private:
  ReadLog(std::string path, std::function<void(const absl::Status&)> on_failure,
          std::size_t file_bytes_max, std::size_t files_max)
      : path_(std::move(path)),
        on_failure_(std::move(on_failure)),
        file_bytes_max_(file_bytes_max),
        files_max_(files_max) {}

  // All with `mutex_` held.
  absl::Status AppendLine(std::string line, bool sync, std::unique_lock<std::mutex>& lock);
  absl::Status OpenFile();
  absl::Status MakeRoom(std::size_t bytes, std::unique_lock<std::mutex>& lock);
  absl::Status Write(std::string line);
  absl::Status SyncTo(std::uint64_t end, std::unique_lock<std::mutex>& lock);
  absl::Status Failed(std::string_view what, int error) const;

  const std::string path_;
  const std::function<void(const absl::Status&)> on_failure_;
  const std::size_t file_bytes_max_;
  const std::size_t files_max_;

  std::mutex mutex_;
  std::condition_variable synced_or_failed_;
  int fd_ = -1;
  std::size_t file_bytes_ = 0;
  bool torn_ = false;          // the file does not end with a whole line
  bool syncing_ = false;       // a thread syncs fd_ without the lock
  std::uint64_t written_ = 0;  // bytes since Open
  std::uint64_t synced_ = 0;   // of them on disk
  absl::Status broken_;        // once a sync has failed
  bool failing_ = false;       // the newest read is not in the log
};

// Calls `visit` for what is in the log at `path`, oldest first; may run beside a node that appends,
// but a file that is renamed meanwhile can come twice or not at all.
// Lines that were cut off when the node or the disk failed are passed over: returns how many.
// NotFound: there is no such file. Unavailable: it cannot be read.
absl::StatusOr<std::size_t> ReadAll(const std::string& path,
                                    absl::FunctionRef<void(const v1::InspectorRead&)> visit);

}  // namespace assent::inspection

#endif  // ASSENT_NODE_INSPECTION_READ_LOG_H_
