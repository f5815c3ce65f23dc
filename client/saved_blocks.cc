#include "client/saved_blocks.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/errors.h"
#include "ledger/bytes.h"

namespace assent::client {

absl::StatusOr<SavedBlocks> SavedBlocks::Open(const std::string& folder, std::uint64_t bytes) {
  const std::string path = folder + "/blocks";
  File file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (file == nullptr) return absl::UnknownError(absl::StrCat(path, ": ", std::strerror(errno)));
  return SavedBlocks(folder, std::move(file), bytes);
}

bool SavedBlocks::Read(std::size_t size) {
  if (size > bytes_ - place_) return false;
  read_.resize(size);
  place_ += size;
  return std::fread(read_.data(), 1, size, file_.get()) == size;
}

absl::StatusOr<v1::FinalBlock> SavedBlocks::Next() {
  if (at_end() || !Read(sizeof(std::uint32_t))) return Damaged(folder_, "its blocks are cut off");
  v1::FinalBlock block;
  if (!Read(ByteReader(read_).U32()) || !block.ParseFromString(read_)) {
    return Damaged(folder_, "its blocks are damaged");
  }
  return block;
}

absl::Status SavedBlocks::Seek(std::uint64_t place) {
  if (fseeko(file_.get(), static_cast<off_t>(place), SEEK_SET) != 0) {
    return absl::UnknownError(absl::StrCat(folder_, "/blocks: ", std::strerror(errno)));
  }
  place_ = place;
  return absl::OkStatus();
}

absl::Status Damaged(const std::string& folder, std::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat(folder, ": ", AbslView(what), ": remove the folder, and save the audit anew"));
}

}  // namespace assent::client
