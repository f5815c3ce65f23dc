// The filters of a listing of entries, and of a watch, which has some of them: by a member and by
// anybody.
#include "node/query/entries.h"
#include "node/query/limits.h"
#include "tests/fuzz/target.h"
#include "tests/unit/node/query/filled_ledger.h"

namespace assent::fuzz {
namespace {

const query::FilledLedger& ListedLedger() {
  static const query::FilledLedger* const ledger = [] {
    auto* filled = new query::FilledLedger;
    filled->Add("AAA", query::PublicNotification("A-1"));
    const EntryIndex second = filled->Add("BBB", query::MembersNotification("B-1"));
    filled->Add("BBB", query::Report(second));
    filled->Add("CCC", query::OpenRevision("Title", "Text\n"));
    return filled;
  }();
  return *ledger;
}

void List(const query::Reader& reader, v1::ListEntriesRequest request, bool watched) {
  const auto page = query::ListEntries(*ListedLedger().view(), reader, request);
  if (!page.ok()) {
    ASSENT_CHECK(absl::IsInvalidArgument(page.status()) || absl::IsOutOfRange(page.status()));
    return;
  }
  ASSENT_CHECK(watched);
  ASSENT_CHECK(page->entries_size() <= query::kEntriesPageMax);
  if (page->next_page_token().empty()) return;
  request.set_page_token(page->next_page_token());
  ASSENT_CHECK(query::ListEntries(*ListedLedger().view(), reader, request).ok());
}

}  // namespace

const Target kEntriesRequestTarget{
    "entries_request", 1024,
    [](std::string_view input) {
      v1::ListEntriesRequest request;
      if (!request.ParseFromArray(input.data(), static_cast<int>(input.size()))) return;
      v1::WatchEntriesRequest watch;
      watch.set_author(request.author());
      watch.set_type(request.type());
      const bool watched = query::ParseWatch(watch).ok();
      List(query::FilledLedger::Member(), request, watched);
      List(query::FilledLedger::Anonymous(), request, watched);
    },
    [] {
      v1::ListEntriesRequest first;
      first.set_page_size(1);
      v1::ListEntriesRequest next = first;
      next.set_page_token(
          query::ListEntries(*ListedLedger().view(), query::FilledLedger::Member(), first)
              ->next_page_token());
      v1::ListEntriesRequest filtered;
      filtered.set_author("BBB");
      filtered.set_type("LaunchNotification");
      filtered.set_from_index(1);
      filtered.set_to_index(3);
      filtered.set_from_time_us(query::FilledLedger::TimeOf(1).us);
      filtered.set_to_time_us(query::FilledLedger::TimeOf(4).us);
      filtered.set_as_of(3);
      return std::vector<Seed>{{"first", first.SerializeAsString()},
                               {"next", next.SerializeAsString()},
                               {"filtered", filtered.SerializeAsString()}};
    },
    []() -> const google::protobuf::Message* {
      return &v1::ListEntriesRequest::default_instance();
    }};

}  // namespace assent::fuzz
