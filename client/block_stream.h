// Final blocks of a node in batches, fetched ahead while those before are being checked.
#ifndef ASSENT_CLIENT_BLOCK_STREAM_H_
#define ASSENT_CLIENT_BLOCK_STREAM_H_

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "assent/v1/block.pb.h"
#include "client/session.h"
#include "ledger/types.h"

namespace assent::client {

// What is held in memory at once: batches that wait, and how large one gets.
inline constexpr std::size_t kBatchesAheadMax = 2;
inline constexpr std::size_t kBatchBlocksMax = 256;
inline constexpr std::size_t kBatchBytesMax = 16 * 1024 * 1024;
// A node that sends no block for so long is given up, whatever it says meanwhile.
inline constexpr std::chrono::milliseconds kBlockTimeout{60'000};

// Fetches heights `from` to `to`. One thread calls Next.
class BlockStream {
 public:
  using Batch = std::vector<v1::FinalBlock>;

  BlockStream(Session& session, Height from, Height to,
              std::chrono::milliseconds block_timeout = kBlockTimeout);
  ~BlockStream();
  BlockStream(const BlockStream&) = delete;
  BlockStream& operator=(const BlockStream&) = delete;

  // The next blocks; an empty batch behind the last. Blocks until they are here.
  // DeadlineExceeded: the node stalls.
  absl::StatusOr<Batch> Next();

 private:
  using Clock = std::chrono::steady_clock;

  void Run();
  // One AuditBlocks call; moves next_ on.
  absl::Status FetchRange();
  // False when the reader has gone.
  bool Put(Batch batch);
  void NoteBlock();
  // Ends the fetching. The lock is held.
  void Stop();
  absl::Status Stalled() const;

  Session& session_;
  Height next_;
  const Height to_;
  const std::chrono::milliseconds block_timeout_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Batch> ready_;
  Clock::time_point last_block_ = Clock::now();
  absl::Status status_;                  // why fetching ended early
  bool done_ = false;                    // nothing more will be ready
  bool stopped_ = false;                 // the reader has gone
  grpc::ClientContext* call_ = nullptr;  // of the stream that is open
  std::thread fetcher_;
};

}  // namespace assent::client

#endif  // ASSENT_CLIENT_BLOCK_STREAM_H_
