// What waits to be sent to one peer: bounded, so that a peer that does not read costs us no more.
#ifndef ASSENT_NODE_NETWORK_SEND_QUEUE_H_
#define ASSENT_NODE_NETWORK_SEND_QUEUE_H_

#include <cstddef>
#include <deque>
#include <utility>

#include "node/replica/peers.h"

namespace assent::network {

// First in, first out. When it is full the newest is refused: the older ones are about to leave,
// and the protocol repeats what matters. One thread.
class SendQueue {
 public:
  SendQueue(std::size_t messages_max, std::size_t bytes_max)
      : messages_max_(messages_max), bytes_max_(bytes_max) {}

  // False, and nothing is taken, when there is no room.
  bool Push(replica::MessageBytes message) {
    if (messages_.size() >= messages_max_ || message->size() > bytes_max_ - bytes_) return false;
    bytes_ += message->size();
    messages_.push_back(std::move(message));
    return true;
  }
  // Not when empty.
  replica::MessageBytes Pop() {
    replica::MessageBytes message = std::move(messages_.front());
    messages_.pop_front();
    bytes_ -= message->size();
    return message;
  }
  void Clear() {
    messages_.clear();
    bytes_ = 0;
  }
  bool empty() const { return messages_.empty(); }
  std::size_t size() const { return messages_.size(); }

 private:
  const std::size_t messages_max_;
  const std::size_t bytes_max_;
  std::size_t bytes_ = 0;  // of messages_; at most bytes_max_
  std::deque<replica::MessageBytes> messages_;
};

}  // namespace assent::network

#endif  // ASSENT_NODE_NETWORK_SEND_QUEUE_H_
