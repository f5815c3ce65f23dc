// The way in: what peers and clients send is counted against its sender's share, checked on worker
// threads, and handed to the replica's thread. A flood fills only its own share.
#ifndef ASSENT_NODE_INGRESS_H_
#define ASSENT_NODE_INGRESS_H_

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "node/replica/intake.h"
#include "node/replica/log.h"
#include "node/replica/peers.h"
#include "node/replica/replica.h"
#include "node/replica/submit.h"
#include "node/workers.h"

namespace assent::node {

// What one sender has under way, from the network to the end of its handling. Any thread.
class Share : public std::enable_shared_from_this<Share> {
 public:
  Share(std::size_t items_max, std::size_t bytes_max)
      : items_max_(items_max), bytes_max_(bytes_max) {}

  // A part of the share, given back when the last copy of the result is gone; null when it is used
  // up.
  std::shared_ptr<void> TryTake(std::size_t bytes);
  // The same, but waits until there is room. Null after Close().
  std::shared_ptr<void> Take(std::size_t bytes);
  void Close();

 private:
  bool Fits(std::size_t bytes) const;
  std::shared_ptr<void> Count(std::size_t bytes);
  void GiveBack(std::size_t bytes);

  const std::size_t items_max_;
  const std::size_t bytes_max_;
  std::mutex mutex_;
  std::condition_variable room_;
  std::size_t items_ = 0;
  std::size_t bytes_ = 0;
  bool closed_ = false;
};

// Any thread.
class Ingress : public replica::PeerEvents, public replica::Submitter {
 public:
  static constexpr std::size_t kPeerMessagesMax = 8'192;
  static constexpr std::size_t kPeerBytesMax = 8 * 1024 * 1024;
  // What a peer sends beyond its own share is taken from this one, which all have in common.
  static constexpr std::size_t kPeersMessagesMax = 65'536;
  static constexpr std::size_t kPeersBytesMax = 256 * 1024 * 1024;
  static constexpr std::size_t kRangeBlocksMax = 512;
  static constexpr std::size_t kRangeBytesMax = 16 * 1024 * 1024;
  static constexpr std::size_t kSubmissionsMax = 16'384;
  static constexpr std::size_t kSubmissionBytesMax = 256 * 1024 * 1024;

  // `push` hands an input to the replica's thread. All outlive this.
  Ingress(std::size_t threads, replica::Intake* intake, replica::Log* log,
          std::function<void(replica::Input)> push);
  ~Ingress() override { Stop(); }

  // These are heard, too, from now on: before the network knows of them.
  void AddPeers(const std::vector<MemberCode>& peers);
  // Only these are heard from now on: the network knows no others any more. Tells the replica that
  // the others are gone.
  void KeepPeers(const std::vector<MemberCode>& peers);

  // Messages, blocks and submissions that wait to be checked.
  std::size_t to_check() const { return workers_.waiting(); }

  // Nothing is pushed after it; what waits is dropped, and its submitters are told.
  void Stop();

  void OnPeerUp(const MemberCode& peer) override;
  void OnPeerDown(const MemberCode& peer, const absl::Status& why) override;
  void OnMessage(const MemberCode& code, std::string bytes) override;
  bool OnBlock(const MemberCode& code, std::string bytes) override;
  void OnBlocksEnd(const MemberCode& code, const absl::Status& status) override;

  void Submit(Entry entry, bool wait_until_final, replica::SubmitDone done) override;
  void PendingHead(const MemberCode& author,
                   std::function<void(std::optional<AuthorHead>)> done) override;

 private:
  struct Peer {
    std::size_t queue = 0;         // of workers_, for messages
    std::size_t blocks_queue = 0;  // votes must not wait behind blocks
    std::shared_ptr<Share> messages;
    std::shared_ptr<Share> blocks;
    std::atomic<std::uint64_t> dropped = 0;
    std::atomic<std::uint64_t> faults = 0;
  };
  // Wrong messages of one peer that get a line each; from then on one in kFaultsPerLine does.
  static constexpr std::uint64_t kFaultLinesMax = 16;
  static constexpr std::uint64_t kFaultsPerLine = 4'096;
  static constexpr std::size_t kSubmitQueues = 16;  // an author's entries stay in order

  void Push(replica::InputKind kind, std::shared_ptr<void> share);
  void LogFault(const MemberCode& code, Peer& peer, const absl::Status& status);
  bool Stopped();
  // Null when it is not heard.
  std::shared_ptr<Peer> Find(const MemberCode& code);

  replica::Intake* const intake_;
  replica::Log* const log_;
  const std::function<void(replica::Input)> push_;
  std::shared_ptr<Share> submissions_;
  std::shared_ptr<Share> peers_messages_;  // of all peers, beyond the share of each
  Workers workers_;
  const std::size_t submit_queue_;  // the first of kSubmitQueues

  std::mutex mutex_;
  std::map<MemberCode, std::shared_ptr<Peer>> peers_;  // guarded by mutex_
  bool stopped_ = false;                               // guarded by mutex_
};

}  // namespace assent::node

#endif  // ASSENT_NODE_INGRESS_H_
