#include "client/saved_ledger.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <limits>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "client/block_stream.h"
#include "client/evidence_check.h"
#include "client/files.h"
#include "client/parallel.h"
#include "client/saved_evidence.h"
#include "ledger/bytes.h"
#include "ledger/questions/questions.h"

namespace assent::client {
namespace {

constexpr std::size_t kAuditBytesMax = std::size_t{8} * 1024 * 1024 * 1024;
constexpr std::size_t kHeightBytes = 16;

std::string PathOf(const std::string& folder, std::string_view name) {
  return absl::StrCat(folder, "/", AbslView(name));
}

absl::Status Failed(const std::string& path) {
  return absl::UnknownError(absl::StrCat(path, ": ", std::strerror(errno)));
}

// The file `audit`: how long the others are, then the audit.
struct SavedAudit {
  std::uint64_t blocks_bytes = 0;
  std::uint64_t heights_bytes = 0;
  std::string audit;
};

absl::StatusOr<SavedAudit> ReadAudit(const std::string& folder) {
  auto bytes = ReadFile(PathOf(folder, "audit"), kAuditBytesMax);
  if (!bytes.ok()) return bytes.status();
  ByteReader reader(*bytes);
  SavedAudit saved;
  saved.blocks_bytes = reader.U64();
  saved.heights_bytes = reader.U64();
  if (!reader.ok()) return Damaged(folder, "its audit is cut off");
  saved.audit = bytes->substr(2 * sizeof(std::uint64_t));
  return saved;
}

// Opens for appending behind the first `bytes`.
absl::Status OpenBehind(const std::string& path, std::uint64_t bytes, std::FILE** file) {
  std::error_code error;
  const std::uint64_t size =
      std::filesystem::exists(path, error) ? std::filesystem::file_size(path, error) : 0;
  if (!error && size > bytes) std::filesystem::resize_file(path, bytes, error);
  if (error) return absl::UnknownError(absl::StrCat(path, ": ", error.message()));
  if (size < bytes) return absl::InvalidArgumentError(absl::StrCat(path, " is cut off"));
  *file = std::fopen(path.c_str(), "ab");
  return *file == nullptr ? Failed(path) : absl::OkStatus();
}

absl::Status Write(std::FILE* file, const std::string& path, std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file) != bytes.size()) return Failed(path);
  return absl::OkStatus();
}

absl::Status Sync(std::FILE* file, const std::string& path) {
  if (std::fflush(file) != 0 || fsync(fileno(file)) != 0) return Failed(path);
  return absl::OkStatus();
}

// Where the ledger was at a height.
struct Moment {
  std::uint64_t tree_size = 0;
  Time time;
};

// The header of the block at `height`, from 1.
absl::StatusOr<BlockHeader> HeaderAt(const std::string& folder, std::uint64_t height) {
  std::uint64_t passed = 0;
  std::optional<BlockHeader> found;
  const absl::Status read = ReadBlocks(folder, [&](const std::vector<v1::FinalBlock>& blocks) {
    passed += blocks.size();
    if (passed < height) return absl::OkStatus();
    const auto header = ParseBlockHeader(blocks[blocks.size() - 1 - (passed - height)].header());
    if (!header.ok()) return header.status();
    found = *header;
    return absl::CancelledError("found");
  });
  if (found) return *found;
  return read.ok() ? Damaged(folder, "its blocks are cut off") : read;
}

// The saved ledger as questions see it. Any thread.
class SavedLedger {
 public:
  SavedLedger(std::string folder, const FoundingAct& act, Height newest, MemoryState state,
              std::string heights)
      : folder_(std::move(folder)),
        act_(act),
        newest_(newest),
        state_(std::move(state)),
        heights_(std::move(heights)) {}

  absl::StatusOr<v1::AskResponse> Ask(const v1::AskRequest& request) const {
    std::uint64_t newest = newest_.value();
    std::optional<v1::AskResponse> evidence;
    if (request.has_evidence()) {
      auto loaded = LoadEvidence(folder_);
      if (!loaded.ok()) return loaded.status();
      if (loaded->as_of() > newest) return Damaged(folder_, "its evidence is of a later height");
      evidence = *std::move(loaded);
      newest = evidence->as_of();
    }
    std::uint64_t height = request.has_as_of() ? request.as_of() : newest;
    std::string cursor;
    if (const std::string& token = request.page_token(); !token.empty()) {
      // Ours, of the page before: "HEIGHT:CURSOR".
      const std::size_t colon = token.find(':');
      if (colon == std::string::npos || !absl::SimpleAtoi(token.substr(0, colon), &height)) {
        return absl::InvalidArgumentError("page_token is none of this ledger");
      }
      cursor = token.substr(colon + 1);
    }
    if (height > newest) {
      return absl::OutOfRangeError(
          absl::StrCat("height ", height, " was not saved: the newest is ", newest));
    }
    const Moment moment = MomentOf(height);
    v1::AskResponse response;
    const absl::Status status = evidence ? AnswerEvidence(*evidence, request, cursor, response)
                                         : Answer(request, height, moment, cursor, response);
    if (!status.ok()) return status;
    if (!cursor.empty()) response.set_next_page_token(absl::StrCat(height, ":", cursor));
    response.set_as_of(height);
    response.set_as_of_us(moment.time.us);
    return response;
  }

 private:
  absl::Status Answer(const v1::AskRequest& request, std::uint64_t height, const Moment& moment,
                      std::string& cursor, v1::AskResponse& response) const {
    const questions::Snapshot ledger{
        .state = state_,
        .tree_size = height == newest_.value() ? rules::kNewest : moment.tree_size,
        .time = moment.time};
    return questions::Ask(ledger, questions::Sight::All(), request,
                          static_cast<std::size_t>(request.page_size()), cursor, response);
  }

  // All that was saved, or what was said up to the height that is asked for. The cursor is the
  // number of the next row.
  absl::Status AnswerEvidence(const v1::AskResponse& evidence, const v1::AskRequest& request,
                              std::string& cursor, v1::AskResponse& response) const {
    int next = 0;
    if (!cursor.empty() && (!absl::SimpleAtoi(cursor, &next) || next < 0)) {
      return absl::InvalidArgumentError("page_token is none of this ledger");
    }
    cursor.clear();
    std::optional<BlockHeader> until;
    if (request.has_as_of()) {
      const auto header = request.as_of() == 0 ? rules::MakeGenesis(act_).header
                                               : HeaderAt(folder_, request.as_of());
      if (!header.ok()) return header.status();
      until = *header;
    }
    for (; next < evidence.rows_size(); ++next) {
      const v1::AnswerRow& row = evidence.rows(next);
      if (until && !IsSaidUpTo(row.evidence(), *until, act_)) continue;
      if (response.rows_size() == request.page_size()) {
        cursor = absl::StrCat(next);
        break;
      }
      if (auto status = CheckVoterKey(row.evidence(), state_); !status.ok()) return status;
      *response.add_rows() = row;
    }
    return absl::OkStatus();
  }

  Moment MomentOf(std::uint64_t height) const {
    if (height == 0) return {.tree_size = 0, .time = act_.text.founded};
    ByteReader reader(std::string_view(heights_).substr((height - 1) * kHeightBytes, kHeightBytes));
    Moment moment;
    moment.tree_size = reader.U64();
    moment.time.us = static_cast<std::int64_t>(reader.U64());
    return moment;
  }

  const std::string folder_;
  const FoundingAct act_;
  const Height newest_;
  const MemoryState state_;
  const std::string heights_;
};

}  // namespace

bool IsSaved(const std::string& folder) {
  std::error_code error;
  return std::filesystem::exists(PathOf(folder, "audit"), error);
}

absl::StatusOr<Auditor> LoadAudit(const std::string& folder, const FoundingAct& act,
                                  std::size_t threads) {
  const auto saved = ReadAudit(folder);
  if (!saved.ok()) return saved.status();
  auto auditor = Auditor::Restore(saved->audit, act, OnThreads(threads));
  if (!auditor.ok()) return Damaged(folder, StdView(auditor.status().message()));
  return auditor;
}

absl::StatusOr<std::unique_ptr<LedgerSaver>> LedgerSaver::Open(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return absl::UnknownError(absl::StrCat(folder, ": ", error.message()));
  std::unique_ptr<LedgerSaver> saver(new LedgerSaver(folder));
  if (IsSaved(folder)) {
    const auto saved = ReadAudit(folder);
    if (!saved.ok()) return saved.status();
    saver->blocks_bytes_ = saved->blocks_bytes;
    saver->heights_bytes_ = saved->heights_bytes;
  }
  std::FILE* file = nullptr;
  if (auto status = OpenBehind(PathOf(folder, "blocks"), saver->blocks_bytes_, &file);
      !status.ok()) {
    return status;
  }
  saver->blocks_.reset(file);
  if (auto status = OpenBehind(PathOf(folder, "heights"), saver->heights_bytes_, &file);
      !status.ok()) {
    return status;
  }
  saver->heights_.reset(file);
  return saver;
}

absl::Status LedgerSaver::Add(const std::vector<v1::FinalBlock>& blocks) {
  for (const v1::FinalBlock& block : blocks) {
    const auto header = ParseBlockHeader(block.header());
    if (!header.ok()) return header.status();
    const std::string bytes = block.SerializeAsString();
    std::string framed;
    AppendU32(framed, static_cast<std::uint32_t>(bytes.size()));
    framed += bytes;
    std::string height;
    AppendU64(height, header->tree_size);
    AppendU64(height, static_cast<std::uint64_t>(header->time.us));
    if (auto status = Write(blocks_.get(), PathOf(folder_, "blocks"), framed); !status.ok()) {
      return status;
    }
    if (auto status = Write(heights_.get(), PathOf(folder_, "heights"), height); !status.ok()) {
      return status;
    }
    blocks_bytes_ += framed.size();
    heights_bytes_ += height.size();
  }
  return absl::OkStatus();
}

absl::Status LedgerSaver::Keep(const Auditor& auditor) {
  if (auto status = Sync(blocks_.get(), PathOf(folder_, "blocks")); !status.ok()) return status;
  if (auto status = Sync(heights_.get(), PathOf(folder_, "heights")); !status.ok()) return status;
  std::string saved;
  AppendU64(saved, blocks_bytes_);
  AppendU64(saved, heights_bytes_);
  saved += auditor.Save();
  return ReplaceFile(PathOf(folder_, "audit"), saved, kSecretMode);
}

absl::StatusOr<SavedBlocks> OpenBlocks(const std::string& folder) {
  const auto saved = ReadAudit(folder);
  if (!saved.ok()) return saved.status();
  return SavedBlocks::Open(folder, saved->blocks_bytes);
}

absl::Status ReadBlocks(const std::string& folder,
                        const std::function<absl::Status(std::vector<v1::FinalBlock>)>& visit) {
  auto blocks = OpenBlocks(folder);
  if (!blocks.ok()) return blocks.status();
  std::vector<v1::FinalBlock> batch;
  std::uint64_t begun = 0;
  while (!blocks->at_end()) {
    auto block = blocks->Next();
    if (!block.ok()) return block.status();
    batch.push_back(*std::move(block));
    const bool full = batch.size() >= kBatchBlocksMax || blocks->place() - begun >= kBatchBytesMax;
    if (!full && !blocks->at_end()) continue;
    begun = blocks->place();
    if (auto status = visit(std::exchange(batch, {})); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<AskPage> AskSaved(const std::string& folder, const FoundingAct& act) {
  auto auditor = LoadAudit(folder, act, 1);
  if (!auditor.ok()) return auditor.status();
  auto heights = ReadFile(PathOf(folder, "heights"), kAuditBytesMax);
  if (!heights.ok()) return heights.status();
  const Height newest = auditor->tip().height;
  if (heights->size() / kHeightBytes < newest.value()) {
    return Damaged(folder, "its heights are cut off");
  }
  auto ledger = std::make_shared<const SavedLedger>(
      folder, act, newest, (*std::move(auditor)).TakeState(), *std::move(heights));
  return AskPage([ledger](const v1::AskRequest& request) { return ledger->Ask(request); });
}

}  // namespace assent::client
