#include "node/service/streams.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "node/query/reader.h"
#include "node/service/limits.h"
#include "node/service/status.h"

namespace assent::service {

WatchStream::WatchStream(const replica::Store* store, query::WatchFilter filter, EntryIndex from,
                         std::optional<PublicKey> reader_key, ReadPool* pool, OpenCalls* calls,
                         std::shared_ptr<void> place)
    : PageStream(pool, calls, std::move(place)),
      store_(store),
      filter_(std::move(filter)),
      reader_key_(reader_key),
      next_(from) {}

WatchStream::Page WatchStream::ReadPage() {
  const auto view = store_->Read();
  auto batch = query::NextForWatch(*view, query::ResolveReader(*view, reader_key_), filter_, next_);
  Page page;
  if (!batch.ok()) {
    page.status = ToGrpc(batch.status());
    return page;
  }
  next_ = batch->next;
  page.then = next_.value() < view->tip().header.tree_size ? Then::kMore : Then::kWait;
  page.messages.assign(std::make_move_iterator(batch->entries.begin()),
                       std::make_move_iterator(batch->entries.end()));
  return page;
}

AuditStream::AuditStream(const replica::Store* store, const v1::AuditBlocksRequest& request,
                         std::optional<PublicKey> reader_key, ReadPool* pool, OpenCalls* calls,
                         std::shared_ptr<void> place)
    : PageStream(pool, calls, std::move(place)),
      store_(store),
      from_(request.from_height()),
      blocks_max_(request.max_blocks()),
      reader_key_(reader_key) {}

AuditStream::Page AuditStream::ReadPage() {
  Page page;
  if (const absl::Status status = Fill(page); !status.ok()) {
    page.then = Then::kEnd;
    page.status = ToGrpc(status);
  }
  return page;
}

absl::Status AuditStream::Fill(Page& page) {
  const auto view = store_->Read();
  const query::Reader reader = query::ResolveReader(*view, reader_key_);
  if (!rest_) {
    const auto range = query::PlanBlocks(*view, from_, blocks_max_);
    if (!range.ok()) return range.status();
    rest_ = *range;
  }
  std::size_t bytes = 0;
  while (rest_->first <= rest_->last && bytes < kAuditPageBytesMax) {
    auto block = query::FinalBlockAt(*view, reader, rest_->first);
    if (!block.ok()) return block.status();
    bytes += block->ByteSizeLong();
    page.messages.push_back(*std::move(block));
    rest_->first = rest_->first.next();
  }
  page.then = rest_->first <= rest_->last ? Then::kMore : Then::kEnd;
  return absl::OkStatus();
}

}  // namespace assent::service
