// Answers of many pages or streams, fetched whole.
#ifndef ASSENT_CLIENT_TRANSFERS_H_
#define ASSENT_CLIENT_TRANSFERS_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "assent/v1/ledger.pb.h"
#include "client/session.h"

namespace assent::client {

inline constexpr std::uint64_t kRevisionsMax = 10'000;
inline constexpr std::uint64_t kAccreditationsListedMax = 1'000'000;

struct ListEnd {
  std::uint64_t as_of = 0;  // height at which the answer holds
  bool more = false;        // the limit ended it
};
// Entries by pages of at most `page_size`, at most `limit` of them. `visit` may end it with an
// error. All pages are as of the first one's height.
absl::StatusOr<ListEnd> FetchEntries(
    Session& session, v1::ListEntriesRequest request, std::int32_t page_size, std::uint64_t limit,
    const std::function<absl::Status(const v1::LedgerEntry&)>& visit);

inline constexpr std::uint64_t kStatesMax = 10'000;
inline constexpr std::uint64_t kQuestionsMax = 10'000;

// All members that `request` asks for, in code order.
absl::StatusOr<std::vector<v1::Member>> FetchMembers(
    Session& session, v1::ListMembersRequest request = v1::ListMembersRequest());
// All questions that the members decide, newest first.
absl::StatusOr<std::vector<v1::MemberQuestion>> FetchMemberQuestions(Session& session);
// Accreditations of inspectors, at one height.
struct Accreditations {
  std::vector<v1::Accreditation> accreditations;  // in the order of the log
  std::vector<v1::Accreditation> own;             // those by which who asks reads now
  std::uint64_t as_of = 0;                        // height
};
// All that `request` asks for; its page size and token are set here.
absl::StatusOr<Accreditations> FetchAccreditations(Session& session,
                                                   v1::ListInspectorsRequest request);
// All rounds of revision that the reader may see, newest first.
absl::StatusOr<std::vector<v1::Revision>> FetchRevisions(Session& session);
// All drafts of revisions, newest first.
absl::StatusOr<std::vector<v1::Draft>> FetchDrafts(Session& session);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_TRANSFERS_H_
