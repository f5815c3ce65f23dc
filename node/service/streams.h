// The two streams of assent.v1.Ledger.
#ifndef ASSENT_NODE_SERVICE_STREAMS_H_
#define ASSENT_NODE_SERVICE_STREAMS_H_

#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "assent/v1/ledger.pb.h"
#include "node/query/blocks.h"
#include "node/query/entries.h"
#include "node/query/reader.h"
#include "node/replica/store.h"
#include "node/service/backend.h"
#include "node/service/page_stream.h"
#include "node/service/reading.h"
#include "node/service/status.h"

namespace assent::service {

// A stream whose reader's rights are looked up for each page, and end it when they are over.
template <class Message>
class ReadingStream : public PageStream<Message> {
 public:
  using typename PageStream<Message>::Page;
  using typename PageStream<Message>::Then;

  // `backend`, `pool` and `calls` outlive it.
  ReadingStream(const Backend* backend, const Caller& caller,
                const google::protobuf::Message& request, ReadPool* pool, OpenCalls* calls,
                std::shared_ptr<void> place)
      : PageStream<Message>(pool, TurnOf(caller), calls, std::move(place)),
        backend_(backend),
        reading_(backend, caller, request) {}

 protected:
  // The next page of what `reader` may see of `view`. Not Ok ends the stream.
  virtual absl::Status Fill(const replica::ReadView& view, const query::Reader& reader,
                            Page& page) = 0;

  Page ReadPage() final {
    Page page;
    page.status = Read(page);
    if (!page.status.ok()) {
      page.messages.clear();
      page.then = Then::kEnd;
    }
    return page;
  }
  grpc::Status Check() final { return reading_.Check(); }

 private:
  grpc::Status Read(Page& page) {
    const auto view = backend_->store->Read();
    query::Reader reader;
    if (grpc::Status may = reading_.Resolve(*view, reader); !may.ok()) return may;
    if (const absl::Status filled = Fill(*view, reader, page); !filled.ok()) return ToGrpc(filled);
    // Pages that bring nothing can be many: the first stands for them.
    const bool first = !std::exchange(begun_, true);
    if (page.messages.empty() && !first) return grpc::Status::OK;
    return reading_.Log(*view, reader);
  }

  const Backend* const backend_;
  Reading reading_;
  bool begun_ = false;  // a page was read
};

// Entries as they become final.
class WatchStream : public ReadingStream<v1::LedgerEntry> {
 public:
  WatchStream(const Backend* backend, const Caller& caller, const v1::WatchEntriesRequest& request,
              query::WatchFilter filter, ReadPool* pool, OpenCalls* calls,
              std::shared_ptr<void> place);

 protected:
  absl::Status Fill(const replica::ReadView& view, const query::Reader& reader,
                    Page& page) override;

 private:
  const query::WatchFilter filter_;
  EntryIndex next_;  // changed by Fill only
};

// A range of final blocks.
class AuditStream : public ReadingStream<v1::FinalBlock> {
 public:
  AuditStream(const Backend* backend, const Caller& caller, const v1::AuditBlocksRequest& request,
              ReadPool* pool, OpenCalls* calls, std::shared_ptr<void> place);

 protected:
  absl::Status Fill(const replica::ReadView& view, const query::Reader& reader,
                    Page& page) override;

 private:
  const Height from_;
  const std::uint32_t blocks_max_;
  std::optional<query::BlockRange> rest_;  // known from the first page on; changed by Fill only
};

}  // namespace assent::service

#endif  // ASSENT_NODE_SERVICE_STREAMS_H_
