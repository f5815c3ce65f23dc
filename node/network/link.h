// All that there is between this node and one peer: the stream we send on, the stream it sends on,
// the blocks it is asked for, and the thread that tells PeerEvents of them.
#ifndef ASSENT_NODE_NETWORK_LINK_H_
#define ASSENT_NODE_NETWORK_LINK_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "grpcpp/grpcpp.h"
#include "ledger/types.h"
#include "node/network/backoff.h"
#include "node/network/block_fetch.h"
#include "node/network/clock_question.h"
#include "node/network/inbox.h"
#include "node/network/incoming.h"
#include "node/network/outgoing.h"
#include "node/network/peer_address.h"
#include "node/replica/peers.h"

namespace assent::network {

// gRPC's threads are few and shared by all peers, so they only put things here. What is told of one
// peer is told by the link's own two threads, one for blocks and one for all else, which also
// dials: each tells one thing at a time, in order, and whoever blocks in an event holds back this
// peer alone, and no votes behind blocks. 150 peers are 300 threads that sleep.
//
// Any thread, unless it says otherwise. Streams that end late keep the link alive.
class Link : public Outgoing::Owner,
             public BlockFetch::Owner,
             public ClockQuestion::Owner,
             public Incoming::Owner,
             public std::enable_shared_from_this<Link> {
 public:
  Link(PeerAddress address, std::shared_ptr<grpc::ChannelCredentials> credentials,
       replica::PeerEvents* events);
  ~Link() override;

  // Begins to dial. Once.
  void Start();
  // Tells all streams to end. Any number of times.
  void BeginStop();
  // After BeginStop: waits for the threads, and, until `deadline`, for the streams. Nothing is told
  // after it. One thread, not the link's own.
  void FinishStop(std::chrono::steady_clock::time_point deadline);

  void Send(replica::MessageBytes message);
  void RequestBlocks(Height first, std::uint32_t max_blocks);
  void CancelBlocks();
  // A stream of the peer, which replaces the one before. False: the link is stopping.
  bool Adopt(Incoming* stream);

  const PeerAddress& address() const { return address_; }
  LinkStatus Status() const;

  void OnOutgoingUp(Outgoing* stream) override;
  void OnOutgoingEnd(std::shared_ptr<Outgoing> stream, const grpc::Status& status) override;
  void OnFetched(BlockFetch* fetch, std::string block) override;
  void OnFetchEnd(std::shared_ptr<BlockFetch> fetch, const grpc::Status& status) override;
  void OnTime(std::shared_ptr<ClockQuestion> question, std::optional<ClockOffset> offset) override;
  bool OnIncoming(Incoming* stream, std::string bytes) override;
  void OnIncomingEnd(Incoming* stream) override;

 private:
  using Clock = std::chrono::steady_clock;
  using Lock = std::unique_lock<std::mutex>;

  // The threads. Those that take a lock release it for what they tell or start.
  void Run();
  void RunBlocks();
  void TellAll(Lock& lock);
  void TellMessages(Lock& lock);
  void TellBlock(Lock& lock);
  void TellBlocksEnd(Lock& lock);
  void Dial(Lock& lock);
  void AskTime(Lock& lock);
  void LetGo(Lock& lock);
  void CancelWhatIsLate(Clock::time_point now);
  void Sleep(Lock& lock);
  bool Ended() const { return stream_ == nullptr && fetch_ == nullptr && question_ == nullptr; }

  const PeerAddress address_;
  const std::shared_ptr<grpc::ChannelCredentials> credentials_;
  replica::PeerEvents* const events_;
  std::thread thread_;
  std::thread blocks_thread_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;         // of the thread
  std::condition_variable blocks_wake_;  // of the one for blocks
  std::condition_variable ended_;        // a stream has ended
  bool stopping_ = false;
  Inbox inbox_;
  std::vector<std::shared_ptr<void>> spent_;  // to be let go of, not by one of gRPC's threads

  // Sending.
  std::shared_ptr<grpc::Channel> channel_;  // of stream_
  std::shared_ptr<Outgoing> stream_;        // from its dialling to its end
  bool up_ = false;
  bool told_down_ = false;  // not up, and PeerEvents know
  Clock::time_point up_since_;
  Clock::time_point dial_at_;                    // when there is no stream
  std::optional<Clock::time_point> hurried_at_;  // when the peer's dialling last made ours sooner
  std::optional<Clock::time_point> dial_until_;  // while it is being dialled
  bool dial_late_ = false;
  Backoff backoff_;
  std::uint64_t dropped_ = 0;
  std::uint64_t unsent_ = 0;
  std::string last_error_;

  // Its clock, which is asked for while the stream is up.
  std::shared_ptr<ClockQuestion> question_;
  Clock::time_point ask_at_;
  std::optional<ClockOffset> clock_;

  // Receiving.
  Incoming* incoming_ = nullptr;  // the newest
  Incoming* paused_ = nullptr;    // one whose messages are not read until the inbox has room

  // Blocks that we asked for.
  std::shared_ptr<BlockFetch> fetch_;
  std::optional<Clock::time_point> fetch_until_;  // while the next block is awaited
  bool fetch_late_ = false;
};

}  // namespace assent::network

#endif  // ASSENT_NODE_NETWORK_LINK_H_
