#include "node/service/streams.h"

#include <iterator>
#include <utility>

#include "node/service/limits.h"

namespace assent::service {

WatchStream::WatchStream(const Backend* backend, const Caller& caller,
                         const v1::WatchEntriesRequest& request, query::WatchFilter filter,
                         ReadPool* pool, OpenCalls* calls, std::shared_ptr<void> place)
    : ReadingStream(backend, caller, request, pool, calls, std::move(place)),
      filter_(std::move(filter)),
      next_(request.from_index()) {}

absl::Status WatchStream::Fill(const replica::ReadView& view, const query::Reader& reader,
                               Page& page) {
  auto batch = query::NextForWatch(view, reader, filter_, next_);
  if (!batch.ok()) return batch.status();
  next_ = batch->next;
  page.then = next_.value() < view.tip().header.tree_size ? Then::kMore : Then::kWait;
  page.messages.assign(std::make_move_iterator(batch->entries.begin()),
                       std::make_move_iterator(batch->entries.end()));
  return absl::OkStatus();
}

AuditStream::AuditStream(const Backend* backend, const Caller& caller,
                         const v1::AuditBlocksRequest& request, ReadPool* pool, OpenCalls* calls,
                         std::shared_ptr<void> place)
    : ReadingStream(backend, caller, request, pool, calls, std::move(place)),
      from_(request.from_height()),
      blocks_max_(request.max_blocks()) {}

absl::Status AuditStream::Fill(const replica::ReadView& view, const query::Reader& reader,
                               Page& page) {
  if (!rest_) {
    const auto range = query::PlanBlocks(view, from_, blocks_max_);
    if (!range.ok()) return range.status();
    rest_ = *range;
  }
  std::size_t bytes = 0;
  while (rest_->first <= rest_->last && bytes < kAuditPageBytesMax) {
    auto block = query::FinalBlockAt(view, reader, rest_->first);
    if (!block.ok()) return block.status();
    bytes += block->ByteSizeLong();
    page.messages.push_back(*std::move(block));
    rest_->first = rest_->first.next();
  }
  page.then = rest_->first <= rest_->last ? Then::kMore : Then::kEnd;
  return absl::OkStatus();
}

}  // namespace assent::service
