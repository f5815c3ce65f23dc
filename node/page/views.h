// The views: each reads what the questions answer, and shows it. What is shown follows from what is
// read alone, so HTML and JSON cannot differ.
#ifndef ASSENT_NODE_PAGE_VIEWS_H_
#define ASSENT_NODE_PAGE_VIEWS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "assent/v1/page.pb.h"
#include "node/page/access.h"
#include "node/page/backend.h"
#include "node/page/html.h"
#include "node/page/http.h"
#include "node/query/reader.h"
#include "node/replica/store.h"

namespace assent::page {

// What one answer is made from. What the reader may not see is not in it.
struct Asked {
  const Backend& backend;
  const replica::ReadView& view;
  const Request& request;
  const Visitor& visitor;
  const query::Reader& reader = visitor.reader;
};

// All: any thread. InvalidArgument: a parameter. NotFound: there is no such thing. Unavailable,
// DataLoss: as the questions say.

absl::StatusOr<v1::OverviewPage> ReadOverview(const Asked& asked);
Html ShowOverview(const v1::OverviewPage& page);

absl::StatusOr<v1::MembersPage> ReadMembers(const Asked& asked);
Html ShowMembers(const v1::MembersPage& page);

absl::StatusOr<v1::EntriesPage> ReadEntries(const Asked& asked);
Html ShowEntries(const v1::EntriesPage& page);

absl::StatusOr<v1::EntryPage> ReadEntry(const Asked& asked, std::uint64_t index);
Html ShowEntry(const v1::EntryPage& page);

absl::StatusOr<v1::NotificationsPage> ReadNotifications(const Asked& asked);
Html ShowNotifications(const v1::NotificationsPage& page);

absl::StatusOr<v1::CompliancePage> ReadCompliance(const Asked& asked);
Html ShowCompliance(const v1::CompliancePage& page);

absl::StatusOr<v1::ClarificationsPage> ReadClarifications(const Asked& asked);
Html ShowClarifications(const v1::ClarificationsPage& page);

absl::StatusOr<v1::PledgesPage> ReadPledges(const Asked& asked);
Html ShowPledges(const v1::PledgesPage& page);

absl::StatusOr<v1::RevisionsPage> ReadRevisions(const Asked& asked);
Html ShowRevisions(const v1::RevisionsPage& page);

// By the number of a revision that is final, or by the entry that opened its round.
absl::StatusOr<v1::RevisionPage> ReadRevision(const Asked& asked, std::uint64_t number);
absl::StatusOr<v1::RevisionPage> ReadRound(const Asked& asked, std::uint64_t round);
Html ShowRevision(const v1::RevisionPage& page);

absl::StatusOr<v1::NodesPage> ReadNodes(const Asked& asked);
Html ShowNodes(const v1::NodesPage& page);

// What several of them take.

// A whole number that a reader wrote. InvalidArgument names `what`.
absl::StatusOr<std::uint64_t> ParseNumber(const std::string& text, const char* what);
// The year asked for, else `otherwise`. InvalidArgument: none from 2002 to 9998.
absl::StatusOr<std::uint32_t> YearAsked(const Request& request, std::int64_t otherwise);
// A page of entries as full as kScansMax allows; what leads to the next is in the answer.
absl::StatusOr<v1::ListEntriesResponse> ListFull(const Asked& asked,
                                                 v1::ListEntriesRequest request);
// An entry without its bytes, with what its header says of its author.
v1::EntryRow RowOf(v1::LedgerEntry entry);
// A table of entries, without its caption.
void ShowEntryRows(const google::protobuf::RepeatedPtrField<v1::EntryRow>& rows, Html& html);
// "on time", "late": a mark and words, so that colour is not needed.
void ShowTimeliness(v1::Timeliness timeliness, Html& html);
// A link to the next page of a listing, where there is one.
void ShowNextPage(Markup path, std::string_view page_token, Html& html);
// Links to the years before and after.
void ShowYears(Markup path, std::uint32_t year, std::uint32_t newest, Html& html);

}  // namespace assent::page

#endif  // ASSENT_NODE_PAGE_VIEWS_H_
