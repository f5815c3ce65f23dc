// The file of blocks in a saved ledger (saved_ledger.h): u32 length || FinalBlock, one behind the
// other.
#ifndef ASSENT_CLIENT_SAVED_BLOCKS_H_
#define ASSENT_CLIENT_SAVED_BLOCKS_H_

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "assent/v1/block.pb.h"

namespace assent::client {

// One thread.
class SavedBlocks {
 public:
  // The first `bytes` of the file count.
  static absl::StatusOr<SavedBlocks> Open(const std::string& folder, std::uint64_t bytes);

  bool at_end() const { return place_ >= bytes_; }
  // Where the next block begins.
  std::uint64_t place() const { return place_; }
  // Reads the next block. InvalidArgument: damaged.
  absl::StatusOr<v1::FinalBlock> Next();
  // Goes to where a block begins.
  absl::Status Seek(std::uint64_t place);

 private:
  using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;
  SavedBlocks(std::string folder, File file, std::uint64_t bytes)
      : folder_(std::move(folder)), file_(std::move(file)), bytes_(bytes) {}

  bool Read(std::size_t size);

  std::string folder_;
  File file_;
  std::uint64_t bytes_;
  std::uint64_t place_ = 0;
  std::string read_;  // what Read has read
};

// What is wrong with a saved ledger.
absl::Status Damaged(const std::string& folder, std::string_view what);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_SAVED_BLOCKS_H_
