#include "tests/bench/scale/inquiries.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"

namespace assent::bench {
namespace {

constexpr std::chrono::seconds kAnswerPatience{60};
constexpr const char* kAuthor = "AAG";  // no founder, and one that declares
constexpr const char* kRareType = "AnnualDeclaration";

absl::Status FromGrpc(const grpc::Status& status) {
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
}

template <class Request, class Response>
using Method = grpc::Status (v1::Ledger::Stub::*)(grpc::ClientContext*, const Request&, Response*);

// A method with one request; `rows` counts what is in an answer.
template <class Request, class Response, class Rows>
Inquiry Once(std::string name, Method<Request, Response> method, Request request, Rows rows) {
  return {std::move(name), true,
          [=](v1::Ledger::Stub& stub, const std::string&, std::size_t) -> absl::StatusOr<Answer> {
            grpc::ClientContext context;
            context.set_deadline(std::chrono::system_clock::now() + kAnswerPatience);
            Response response;
            const grpc::Status status = (stub.*method)(&context, request, &response);
            if (!status.ok()) return FromGrpc(status);
            return Answer{static_cast<std::size_t>(rows(response)), ""};
          }};
}

// The same for one that answers in pages.
template <class Request, class Response, class Rows>
Inquiry Paged(std::string name, Method<Request, Response> method, Request request, Rows rows) {
  return {std::move(name), true,
          [=](v1::Ledger::Stub& stub, const std::string& token,
              std::size_t rows_max) -> absl::StatusOr<Answer> {
            grpc::ClientContext context;
            context.set_deadline(std::chrono::system_clock::now() + kAnswerPatience);
            Request page = request;
            page.set_page_token(token);
            page.set_page_size(static_cast<std::int32_t>(rows_max));
            Response response;
            const grpc::Status status = (stub.*method)(&context, page, &response);
            if (!status.ok()) return FromGrpc(status);
            return Answer{static_cast<std::size_t>(rows(response)), response.next_page_token()};
          }};
}

Inquiry Question(std::string name, v1::AskRequest request) {
  return Paged<v1::AskRequest, v1::AskResponse>(
      std::move(name), &v1::Ledger::Stub::Ask, std::move(request),
      [](const v1::AskResponse& response) { return response.rows_size(); });
}

Inquiry Listing(std::string name, v1::ListEntriesRequest request) {
  return Paged<v1::ListEntriesRequest, v1::ListEntriesResponse>(
      std::move(name), &v1::Ledger::Stub::ListEntries, std::move(request),
      [](const v1::ListEntriesResponse& response) { return response.entries_size(); });
}

Inquiry Anonymous(Inquiry inquiry) {
  inquiry.as_member = false;
  inquiry.name += ", anonymous";
  return inquiry;
}

// At one height: empty `when` is the newest.
void AddAtHeight(const std::string& when, std::uint64_t height, std::int64_t year,
                 const Marks& marks, std::vector<Inquiry>& all) {
  const bool old = !when.empty();
  const auto ask = [&](std::string_view name, auto set) {
    v1::AskRequest request;
    set(request);
    if (old) request.set_as_of(height);
    all.push_back(Question(absl::StrCat("ask ", std::string(name), when), request));
  };
  const auto asked_year = static_cast<std::uint32_t>(year);
  ask("launches_without_timely_notification",
      [](auto& r) { r.mutable_launches_without_timely_notification(); });
  ask("launches_without_timely_notification historic",
      [](auto& r) { r.mutable_launches_without_timely_notification()->set_historic(true); });
  ask("launches_without_timely_notification of a year",
      [&](auto& r) { r.mutable_launches_without_timely_notification()->set_year(asked_year); });
  ask("missing_declarations",
      [&](auto& r) { r.mutable_missing_declarations()->set_year(asked_year); });
  ask("nil_filers", [&](auto& r) { r.mutable_nil_filers()->set_year(asked_year); });
  ask("discrepancies", [&](auto& r) { r.mutable_discrepancies()->set_year(asked_year); });
  ask("active_notifications", [](auto& r) { r.mutable_active_notifications(); });
  ask("expired_unresolved", [](auto& r) { r.mutable_expired_unresolved(); });
  ask("expired_unresolved of a state",
      [](auto& r) { r.mutable_expired_unresolved()->set_state(kAuthor); });
  ask("record_history", [&](auto& r) { r.mutable_record_history()->set_index(marks.record); });
  ask("revision_status", [](auto& r) { r.mutable_revision_status(); });
  ask("open_clarifications", [](auto& r) { r.mutable_open_clarifications(); });
  ask("pledges_and_offers", [](auto& r) { r.mutable_pledges_and_offers(); });
  ask("due", [](auto& r) { r.mutable_due(); });
  ask("due of a state", [](auto& r) { r.mutable_due()->set_state(kAuthor); });
  ask("year_totals", [&](auto& r) { r.mutable_year_totals()->set_year(asked_year); });

  const auto list = [&](std::string_view name, auto set) {
    v1::ListEntriesRequest request;
    set(request);
    if (old) request.set_as_of(height);
    all.push_back(Listing(absl::StrCat("list", std::string(name), when), request));
  };
  list("", [](auto&) {});
  list(" of an author", [](auto& r) { r.set_author(kAuthor); });
  list(" of a type", [](auto& r) { r.set_type(kRareType); });
  list(" of an author and a type", [](auto& r) {
    r.set_author(kAuthor);
    r.set_type(kRareType);
  });
  list(" from a time on", [&](auto& r) { r.set_from_time_us(FromCivil({year, 7, 1}).us); });

  v1::ListMembersRequest members;
  if (old) members.set_as_of(height);
  all.push_back(Paged<v1::ListMembersRequest, v1::ListMembersResponse>(
      "members" + when, &v1::Ledger::Stub::ListMembers, members,
      [](const v1::ListMembersResponse& response) { return response.members_size(); }));
}

void AddEntryCalls(const Marks& marks, std::vector<Inquiry>& all) {
  const auto one = [](const auto&) { return 1; };
  const auto hashes = [](const auto& response) { return response.hashes_size(); };
  v1::GetEntryRequest by_index;
  by_index.set_index(marks.record);
  all.push_back(Once<v1::GetEntryRequest, v1::LedgerEntry>(
      "get by index", &v1::Ledger::Stub::GetEntry, by_index, one));
  v1::GetEntryRequest by_author;
  by_author.mutable_author_sequence()->set_author(kAuthor);
  by_author.mutable_author_sequence()->set_sequence(10);
  all.push_back(Once<v1::GetEntryRequest, v1::LedgerEntry>(
      "get by author", &v1::Ledger::Stub::GetEntry, by_author, one));
  for (const auto& [name, index] : {std::pair{"receipt of an old entry", marks.record},
                                    std::pair{"receipt of the newest", marks.entries - 1}}) {
    v1::GetReceiptRequest receipt;
    receipt.set_index(index);
    all.push_back(Once<v1::GetReceiptRequest, v1::Receipt>(name, &v1::Ledger::Stub::GetReceipt,
                                                           receipt, one));
  }
  v1::GetConsistencyProofRequest consistency;
  consistency.set_first_size(marks.old_entries);
  consistency.set_second_size(marks.entries);
  all.push_back(Once<v1::GetConsistencyProofRequest, v1::ConsistencyProof>(
      "consistency proof", &v1::Ledger::Stub::GetConsistencyProof, consistency, hashes));
  v1::GetInclusionProofRequest inclusion;
  inclusion.set_index(marks.record);
  inclusion.set_tree_size(marks.entries);
  all.push_back(Once<v1::GetInclusionProofRequest, v1::InclusionProof>(
      "inclusion proof", &v1::Ledger::Stub::GetInclusionProof, inclusion, hashes));
  v1::GetAuthorHeadRequest head;
  head.set_author(kAuthor);
  all.push_back(Once<v1::GetAuthorHeadRequest, v1::AuthorHead>(
      "author head", &v1::Ledger::Stub::GetAuthorHead, head, one));
}

void AddWholeLedger(std::vector<Inquiry>& all) {
  const auto one = [](const auto&) { return 1; };
  all.push_back(Once<v1::GetCheckpointRequest, v1::Checkpoint>(
      "checkpoint", &v1::Ledger::Stub::GetCheckpoint, {}, one));
  all.push_back(Once<v1::GetLedgerStatusRequest, v1::LedgerStatus>(
      "status", &v1::Ledger::Stub::GetLedgerStatus, {}, one));
  all.push_back(Paged<v1::ListRevisionsRequest, v1::ListRevisionsResponse>(
      "revisions", &v1::Ledger::Stub::ListRevisions, {},
      [](const v1::ListRevisionsResponse& response) { return response.revisions_size(); }));
  all.push_back(Paged<v1::ListMemberQuestionsRequest, v1::ListMemberQuestionsResponse>(
      "member questions", &v1::Ledger::Stub::ListMemberQuestions, {},
      [](const v1::ListMemberQuestionsResponse& response) { return response.questions_size(); }));
}

}  // namespace

std::vector<Inquiry> AllInquiries(const Marks& marks) {
  std::vector<Inquiry> all;
  AddAtHeight("", marks.height, marks.year, marks, all);
  AddAtHeight(", old height", marks.old_height, marks.old_year, marks, all);
  v1::AskRequest launches;
  launches.mutable_launches_without_timely_notification();
  all.push_back(Anonymous(Question("ask launches_without_timely_notification", launches)));
  v1::AskRequest expired;
  expired.mutable_expired_unresolved();
  all.push_back(Anonymous(Question("ask expired_unresolved", expired)));
  v1::ListEntriesRequest by_type;
  by_type.set_type("Pledge");
  all.push_back(Anonymous(Listing("list of a type", by_type)));
  by_type.set_author(kAuthor);
  all.push_back(Anonymous(Listing("list of an author and a type", by_type)));
  AddEntryCalls(marks, all);
  AddWholeLedger(all);
  return all;
}

}  // namespace assent::bench
