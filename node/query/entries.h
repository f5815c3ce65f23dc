// Entries as a reader may see them: one, a page, or those that have just become final.
#ifndef ASSENT_NODE_QUERY_ENTRIES_H_
#define ASSENT_NODE_QUERY_ENTRIES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "assent/v1/ledger.pb.h"
#include "ledger/types.h"
#include "node/query/reader.h"
#include "node/replica/store.h"

namespace assent::query {

// All: any thread. Besides the errors named, DataLoss where the database is damaged.

// InvalidArgument: the request names no entry. NotFound: there is none of that name.
absl::StatusOr<v1::LedgerEntry> GetEntry(const replica::ReadView& view, const Reader& reader,
                                         const v1::GetEntryRequest& request);

// A page may be shorter than asked for, even empty: the listing ends where there is no token. It
// does not change as the ledger grows: the token keeps the height of the first page.
// InvalidArgument: page size, token, author or type. OutOfRange: a height that is not final here.
absl::StatusOr<v1::ListEntriesResponse> ListEntries(const replica::ReadView& view,
                                                    const Reader& reader,
                                                    const v1::ListEntriesRequest& request);

// What a watcher wants.
struct WatchFilter {
  std::optional<MemberCode> author;
  std::string type;  // empty: every type
};
// InvalidArgument: author or type.
absl::StatusOr<WatchFilter> ParseWatch(const v1::WatchEntriesRequest& request);

// Entries for a watcher, and where to go on; `next` is the view's tree size when all were looked
// at.
struct WatchBatch {
  std::vector<v1::LedgerEntry> entries;
  EntryIndex next;
};
// Those from `from` on; bounded in entries, bytes and work like one page. A `from` beyond the tree
// gives nothing and stays.
absl::StatusOr<WatchBatch> NextForWatch(const replica::ReadView& view, const Reader& reader,
                                        const WatchFilter& filter, EntryIndex from);

}  // namespace assent::query

#endif  // ASSENT_NODE_QUERY_ENTRIES_H_
