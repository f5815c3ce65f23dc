// The two streams of assent.v1.Ledger.
#ifndef ASSENT_NODE_SERVICE_STREAMS_H_
#define ASSENT_NODE_SERVICE_STREAMS_H_

#include <memory>
#include <optional>

#include "assent/v1/ledger.pb.h"
#include "ledger/bytes.h"
#include "node/query/blocks.h"
#include "node/query/entries.h"
#include "node/replica/store.h"
#include "node/service/page_stream.h"

namespace assent::service {

// Entries as they become final. The reader's rights are looked up for each page: they may end while
// it is open.
class WatchStream : public PageStream<v1::LedgerEntry> {
 public:
  // `store`, `pool` and `calls` outlive it.
  WatchStream(const replica::Store* store, query::WatchFilter filter, EntryIndex from,
              std::optional<PublicKey> reader_key, ReadPool* pool, OpenCalls* calls,
              std::shared_ptr<void> place);

 protected:
  Page ReadPage() override;

 private:
  const replica::Store* const store_;
  const query::WatchFilter filter_;
  const std::optional<PublicKey> reader_key_;
  EntryIndex next_;  // changed by ReadPage only
};

// A range of final blocks.
class AuditStream : public PageStream<v1::FinalBlock> {
 public:
  AuditStream(const replica::Store* store, const v1::AuditBlocksRequest& request,
              std::optional<PublicKey> reader_key, ReadPool* pool, OpenCalls* calls,
              std::shared_ptr<void> place);

 protected:
  Page ReadPage() override;

 private:
  absl::Status Fill(Page& page);

  const replica::Store* const store_;
  const Height from_;
  const std::uint32_t blocks_max_;
  const std::optional<PublicKey> reader_key_;
  std::optional<query::BlockRange> rest_;  // known from the first page on; changed by ReadPage only
};

// A stream that is refused before it begins. Deletes itself.
template <class Message>
class RefusedStream : public grpc::ServerWriteReactor<Message> {
 public:
  explicit RefusedStream(const grpc::Status& status) { this->Finish(status); }
  void OnDone() override { delete this; }
};

}  // namespace assent::service

#endif  // ASSENT_NODE_SERVICE_STREAMS_H_
