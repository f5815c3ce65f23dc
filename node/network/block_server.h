// Serves ranges of final blocks, on a thread of its own: gRPC's threads must not wait for a disk.
#ifndef ASSENT_NODE_NETWORK_BLOCK_SERVER_H_
#define ASSENT_NODE_NETWORK_BLOCK_SERVER_H_

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "grpcpp/grpcpp.h"
#include "grpcpp/support/server_callback.h"
#include "ledger/types.h"
#include "node/network/block_source.h"

namespace assent::network {

// One answer for each peer, one block of each in turn, one write at a time. Any thread.
class BlockServer {
 public:
  // `source` outlives this.
  explicit BlockServer(BlockSource* source) : source_(source) {}
  ~BlockServer() { Stop(); }
  BlockServer(const BlockServer&) = delete;
  BlockServer& operator=(const BlockServer&) = delete;

  void Start();
  // The source is not called after it; answers that are not complete end with UNAVAILABLE.
  void Stop();

  // Answers `request`, a serialized assent.v1.GetBlocksRequest of the node of `peer`, in place of
  // one that is still being answered.
  grpc::ServerWriteReactor<grpc::ByteBuffer>* Serve(grpc::CallbackServerContext* context,
                                                    const MemberCode& peer,
                                                    const grpc::ByteBuffer& request);

 private:
  class Answer;

  // The next block of `answer` is wanted; its turn comes.
  void Post(Answer* answer);
  void Forget(const MemberCode& peer, Answer* answer);
  void Run();

  BlockSource* const source_;
  std::thread thread_;

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::deque<Answer*> turns_;              // each at most once
  std::map<MemberCode, Answer*> answers_;  // the newest of each peer
};

}  // namespace assent::network

#endif  // ASSENT_NODE_NETWORK_BLOCK_SERVER_H_
