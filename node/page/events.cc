#include "node/page/events.h"

#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "node/page/fields.h"
#include "node/page/views.h"
#include "node/query/entries.h"

namespace assent::page {

absl::StatusOr<Cursor> CursorOf(const std::string& last_event_id, const std::string& from,
                                std::uint64_t tree_size) {
  if (!last_event_id.empty()) {
    const auto last = ParseNumber(last_event_id, "Last-Event-ID");
    if (!last.ok()) return last.status();
    if (*last == std::numeric_limits<std::uint64_t>::max()) {
      return absl::InvalidArgumentError("Last-Event-ID is no entry");
    }
    return Cursor{EntryIndex(*last + 1), std::nullopt};
  }
  if (from.empty()) return Cursor{EntryIndex(tree_size), std::nullopt};
  const auto first = ParseNumber(from, "from");
  if (!first.ok()) return first.status();
  return Cursor{EntryIndex(*first), std::nullopt};
}

absl::StatusOr<Events> EventsFrom(const replica::ReadView& view, const query::Reader& reader,
                                  const Cursor& cursor) {
  auto batch = query::NextForWatch(view, reader, {}, cursor.next);
  if (!batch.ok()) return batch.status();
  Events events;
  for (v1::LedgerEntry& entry : batch->entries) {
    const std::uint64_t index = entry.index();
    absl::StrAppend(&events.text, "id: ", index,
                    "\nevent: entry\ndata: ", Json(RowOf(std::move(entry))), "\n\n");
  }
  const BlockHeader& tip = view.tip().header;
  events.cursor = {batch->next, cursor.height};
  events.more = batch->next.value() < tip.tree_size;
  if (!events.more && cursor.height != tip.height) {
    absl::StrAppend(&events.text, "event: block\ndata: {\"height\":\"", tip.height.value(),
                    "\",\"time_us\":\"", tip.time.us, "\",\"tree_size\":\"", tip.tree_size,
                    "\"}\n\n");
    events.cursor.height = tip.height;
  }
  return events;
}

}  // namespace assent::page
