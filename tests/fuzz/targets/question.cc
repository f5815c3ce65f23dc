// A question with its filters, as an inspector asks it: answered to a member and to anybody.
#include "assent/v1/questions.pb.h"
#include "node/query/ask.h"
#include "node/query/limits.h"
#include "tests/fuzz/target.h"
#include "tests/unit/node/query/filled_ledger.h"

namespace assent::fuzz {
namespace {

const query::FilledLedger& AskedLedger() {
  static const query::FilledLedger* const ledger = [] {
    auto* filled = new query::FilledLedger;
    filled->Add("AAA", query::PublicNotification("A-1"));
    const EntryIndex second = filled->Add("BBB", query::MembersNotification("B-1"));
    filled->Add("BBB", query::Report(second));
    filled->Add("AAA", query::Amending(EntryIndex(0), query::PublicNotification("A-1")));
    filled->Add("CCC", query::OpenRevision("Title", "Text\n"));
    return filled;
  }();
  return *ledger;
}

void AskAs(const query::Reader& reader, v1::AskRequest request) {
  const auto page = query::Ask(*AskedLedger().view(), reader, request);
  if (!page.ok()) {
    ASSENT_CHECK(absl::IsInvalidArgument(page.status()) || absl::IsOutOfRange(page.status()) ||
                 absl::IsPermissionDenied(page.status()));
    return;
  }
  ASSENT_CHECK(page->rows_size() <= query::kRowsPageMax);
  if (page->next_page_token().empty()) return;
  request.set_page_token(page->next_page_token());
  ASSENT_CHECK(query::Ask(*AskedLedger().view(), reader, request).ok());
}

}  // namespace

const Target kQuestionTarget{
    "question", 1024,
    [](std::string_view input) {
      v1::AskRequest request;
      if (!request.ParseFromArray(input.data(), static_cast<int>(input.size()))) return;
      AskAs(query::FilledLedger::Member(), request);
      AskAs(query::FilledLedger::Anonymous(), request);
    },
    [] {
      // One of each: the fields of its oneof, as the message lists them.
      std::vector<Seed> seeds;
      const auto& questions = *v1::AskRequest::descriptor()->oneof_decl(0);
      for (int i = 0; i < questions.field_count(); ++i) {
        v1::AskRequest request;
        request.GetReflection()->MutableMessage(&request, questions.field(i));
        request.set_page_size(1);
        seeds.push_back({questions.field(i)->name(), request.SerializeAsString()});
      }
      return seeds;
    },
    []() -> const google::protobuf::Message* { return &v1::AskRequest::default_instance(); }};

}  // namespace assent::fuzz
