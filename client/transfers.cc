#include "client/transfers.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"

namespace assent::client {
namespace {

absl::Status TooMany(std::string_view what) {
  return absl::DataLossError(
      absl::StrCat("the node sends more ", AbslView(what), " than there can be"));
}

}  // namespace

absl::StatusOr<ListEnd> FetchEntries(
    Session& session, v1::ListEntriesRequest request, std::int32_t page_size, std::uint64_t limit,
    const std::function<absl::Status(const v1::LedgerEntry&)>& visit) {
  std::uint64_t count = 0;
  while (true) {
    const auto wanted =
        std::min<std::uint64_t>(static_cast<std::uint64_t>(page_size), limit - count);
    request.set_page_size(static_cast<std::int32_t>(wanted));
    const auto page = session.Call(&v1::Ledger::Stub::ListEntries, request);
    if (!page.ok()) return page.status();
    if (static_cast<std::uint64_t>(page->entries_size()) > wanted) return TooMany("entries");
    for (const v1::LedgerEntry& entry : page->entries()) {
      if (auto status = visit(entry); !status.ok()) return status;
    }
    count += static_cast<std::uint64_t>(page->entries_size());
    const bool more = !page->next_page_token().empty();
    if (!more || count >= limit) return ListEnd{page->as_of(), more};
    if (page->next_page_token() == request.page_token()) {
      return absl::DataLossError("the node gives the same page token twice");
    }
    request.set_page_token(page->next_page_token());
  }
}

absl::StatusOr<std::vector<v1::Member>> FetchMembers(Session& session,
                                                     v1::ListMembersRequest request) {
  std::vector<v1::Member> members;
  do {
    const auto page = session.Call(&v1::Ledger::Stub::ListMembers, request);
    if (!page.ok()) return page.status();
    members.insert(members.end(), page->members().begin(), page->members().end());
    if (members.size() > kStatesMax) return TooMany("members");
    if (page->members().empty()) break;
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return members;
}

absl::StatusOr<std::vector<v1::MemberQuestion>> FetchMemberQuestions(Session& session) {
  std::vector<v1::MemberQuestion> questions;
  v1::ListMemberQuestionsRequest request;
  do {
    const auto page = session.Call(&v1::Ledger::Stub::ListMemberQuestions, request);
    if (!page.ok()) return page.status();
    questions.insert(questions.end(), page->questions().begin(), page->questions().end());
    if (questions.size() > kQuestionsMax) return TooMany("questions");
    if (page->questions().empty()) break;
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return questions;
}

absl::StatusOr<Accreditations> FetchAccreditations(Session& session,
                                                   v1::ListInspectorsRequest request) {
  Accreditations found;
  request.set_page_size(0);
  request.clear_page_token();
  while (true) {
    const auto page = session.Call(&v1::Ledger::Stub::ListInspectors, request);
    if (!page.ok()) return page.status();
    found.accreditations.insert(found.accreditations.end(), page->accreditations().begin(),
                                page->accreditations().end());
    if (found.accreditations.size() > kAccreditationsListedMax) return TooMany("accreditations");
    found.own.assign(page->own().begin(), page->own().end());
    found.as_of = page->as_of();
    if (page->next_page_token().empty()) return found;
    if (page->next_page_token() == request.page_token()) {
      return absl::DataLossError("the node gives the same page token twice");
    }
    request.set_page_token(page->next_page_token());
  }
}

absl::StatusOr<std::vector<v1::Revision>> FetchRevisions(Session& session) {
  std::vector<v1::Revision> revisions;
  v1::ListRevisionsRequest request;
  do {
    const auto page = session.Call(&v1::Ledger::Stub::ListRevisions, request);
    if (!page.ok()) return page.status();
    revisions.insert(revisions.end(), page->revisions().begin(), page->revisions().end());
    if (revisions.size() > kRevisionsMax) return TooMany("revisions");
    if (page->revisions().empty()) break;
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return revisions;
}

absl::StatusOr<std::vector<v1::Draft>> FetchDrafts(Session& session) {
  std::vector<v1::Draft> drafts;
  v1::ListDraftsRequest request;
  do {
    const auto page = session.Call(&v1::Ledger::Stub::ListDrafts, request);
    if (!page.ok()) return page.status();
    drafts.insert(drafts.end(), page->drafts().begin(), page->drafts().end());
    if (drafts.size() > kRevisionsMax) return TooMany("drafts");
    if (page->drafts().empty()) break;
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return drafts;
}

}  // namespace assent::client
