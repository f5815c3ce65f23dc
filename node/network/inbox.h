// What has come from one peer and waits to be told to PeerEvents, in the order in which it is told.
#ifndef ASSENT_NODE_NETWORK_INBOX_H_
#define ASSENT_NODE_NETWORK_INBOX_H_

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"

namespace assent::network {

// Messages are bounded by their owner, who stops reading when it is full. Of the rest there is
// little: the thread that is told of turns is the one that dials, at most one block is under way,
// and each request for blocks ends once. One thread at a time.
class Inbox {
 public:
  // Our stream to the peer went up (Ok) or down (why).
  std::deque<absl::Status> turns;
  std::deque<std::string> messages;
  std::optional<std::string> block;
  std::deque<absl::Status> block_ends;  // after that block

  Inbox(std::size_t messages_max, std::size_t bytes_max)
      : messages_max_(messages_max), bytes_max_(bytes_max) {}

  void AddMessage(std::string bytes) {
    bytes_ += bytes.size();
    messages.push_back(std::move(bytes));
  }
  // All messages, which count until Release.
  std::deque<std::string> TakeMessages() {
    taken_ = messages.size();
    taken_bytes_ = bytes_;
    return std::exchange(messages, {});
  }
  void Release() {
    bytes_ -= std::exchange(taken_bytes_, 0);
    taken_ = 0;
  }
  bool full() const { return messages.size() + taken_ >= messages_max_ || bytes_ >= bytes_max_; }
  // Nothing but blocks, which are told apart.
  bool empty() const { return turns.empty() && messages.empty(); }

 private:
  const std::size_t messages_max_;
  const std::size_t bytes_max_;
  std::size_t bytes_ = 0;  // of messages, taken ones included
  std::size_t taken_ = 0;
  std::size_t taken_bytes_ = 0;
};

}  // namespace assent::network

#endif  // ASSENT_NODE_NETWORK_INBOX_H_
