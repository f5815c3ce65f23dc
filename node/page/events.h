// Server-sent events (HTML Standard, section 9.2): the entries as they become final.
#ifndef ASSENT_NODE_PAGE_EVENTS_H_
#define ASSENT_NODE_PAGE_EVENTS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "ledger/types.h"
#include "node/query/reader.h"
#include "node/replica/store.h"

namespace assent::page {

// Where a reader has got to.
struct Cursor {
  EntryIndex next;               // the first entry that it has not been told
  std::optional<Height> height;  // of the newest block that it was told
};

// What a reader who sends these begins with: behind the entry that it had last, or at `from`, or
// with what is new. Empty where it sent none. InvalidArgument: no number.
absl::StatusOr<Cursor> CursorOf(const std::string& last_event_id, const std::string& from,
                                std::uint64_t tree_size);

// The events from there on, and where to go on: for each entry an event `entry` with its index as
// id and its EntryRow (page.proto) as data, and, when all are told, an event `block` without an id,
// with height and time of the newest block. As `reader` may see them. Bounded like a page of a
// listing; empty when there is nothing new. `more`: there is more to tell at once. DataLoss: the
// database is damaged.
struct Events {
  std::string text;
  Cursor cursor;
  bool more = false;
};
absl::StatusOr<Events> EventsFrom(const replica::ReadView& view, const query::Reader& reader,
                                  const Cursor& cursor);

}  // namespace assent::page

#endif  // ASSENT_NODE_PAGE_EVENTS_H_
