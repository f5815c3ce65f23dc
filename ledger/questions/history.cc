// What has become of one record.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "assent/v1/state.pb.h"
#include "ledger/questions/answers.h"
#include "ledger/rules/indexes.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/read_replies.h"
#include "ledger/rules/sets.h"
#include "ledger/rules/typed_state.h"

namespace assent::questions {
namespace {

constexpr std::string_view kRequest = "ClarificationRequest";
constexpr std::string_view kReply = "ClarificationReply";

struct Step {
  EntryIndex index;
  v1::HistoryStep what;
  std::string type;
  MemberCode author;
};

// The steps of one chain of amendments, as the reader may see them.
class History {
 public:
  explicit History(const Asked& asked) : asked_(asked) {}

  // Of the chain that the record at `index` is in; none when the reader may not see that record.
  std::vector<Step> Of(EntryIndex index) {
    const auto record = rules::RecordAt(Ledger().state, index, Ledger().tree_size);
    if (!record || !Sees(*record)) return {};
    AddChain(record->first_index);
    AddReports(record->first_index);
    AddAnswer(record->first_index);
    AddRequests(record->first_index);
    std::sort(steps_.begin(), steps_.end(),
              [](const Step& a, const Step& b) { return a.index < b.index; });
    return std::move(steps_);
  }

 private:
  const Snapshot& Ledger() const { return asked_.ledger; }

  bool SeesType(const MemberCode& author, std::string_view type) const {
    const std::array<std::string_view, 1> types{type};
    return asked_.sight.Of(author, types) == rules::Audience::kMembers;
  }
  bool Sees(const rules::RecordStatus& record) const {
    return record.audience == rules::Audience::kPublic || SeesType(record.author, record.type);
  }

  void AddChain(EntryIndex first) {
    std::optional<EntryIndex> at = first;
    while (at) {
      const auto record = rules::RecordAt(Ledger().state, *at, Ledger().tree_size);
      if (!record) return;
      if (Sees(*record)) {
        steps_.push_back({*at, *at == first ? v1::RECORD_FILED : v1::RECORD_AMENDED, record->type,
                          record->author});
      }
      if (record->standing == rules::Standing::kWithdrawn) {
        AddEnd(*record, v1::RECORD_WITHDRAWN, "Withdrawal");
      } else if (record->standing == rules::Standing::kCancelled) {
        AddEnd(*record, v1::RECORD_CANCELLED, "LaunchCancellation");
      }
      at = record->standing == rules::Standing::kAmended ? record->replaced_by : std::nullopt;
    }
  }

  // Who takes a PUBLIC record back does so publicly.
  void AddEnd(const rules::RecordStatus& record, v1::HistoryStep what, std::string_view type) {
    if (record.audience == rules::Audience::kPublic || SeesType(record.author, type)) {
      steps_.push_back({*record.replaced_by, what, std::string(type), record.author});
    }
  }

  // Reports that hold.
  void AddReports(EntryIndex first) {
    const std::string prefix = absl::StrCat(rules::IndexDigits(first), "/");
    const auto visit = [&](std::string_view place) {
      const EntryIndex index = rules::IndexAtEnd(place);
      const auto report = rules::RecordAt(Ledger().state, index, Ledger().tree_size);
      if (report && Sees(*report)) {
        steps_.push_back({index, v1::RECORD_REFERRED, report->type, report->author});
      }
      return true;
    };
    rules::VisitSet(Ledger().state,
                    {.set = {rules::kReports, rules::Audience::kMembers},
                     .tree_size = Ledger().tree_size,
                     .prefix = prefix,
                     .from = prefix},
                    asked_.page.keys(), visit);
  }

  // The answer that counts, of an observed launch.
  void AddAnswer(EntryIndex first) {
    const auto answer = rules::AnswerTo(Ledger().state, first, Ledger().tree_size);
    if (!answer) return;
    const auto record = rules::RecordAt(Ledger().state, answer->index, Ledger().tree_size);
    if (!record || !Sees(*record)) return;
    steps_.push_back({answer->index, v1::RECORD_REFERRED, record->type, record->author});
  }

  // Requests for clarification, open or closed, and the replies that count.
  void AddRequests(EntryIndex first) {
    const std::string prefix = rules::AskedPrefix(first);
    Ledger().state.Scan(prefix, prefix, [&](std::string_view key, std::string_view) {
      if (asked_.page.keys() == 0) return false;
      --asked_.page.keys();
      AddRequest(rules::IndexAtEnd(key));
      return true;
    });
  }

  void AddRequest(EntryIndex index) {
    const auto request = rules::ClarificationAt(Ledger().state, index, Ledger().tree_size);
    if (!request || !SeesSaid(request->audience, request->requester, kRequest)) return;
    steps_.push_back({index, v1::RECORD_REFERRED, std::string(kRequest), request->requester});
    if (!request->reply || !SeesSaid(request->reply->audience, request->respondent, kReply)) return;
    steps_.push_back(
        {request->reply->index, v1::RECORD_REFERRED, std::string(kReply), request->respondent});
  }

  bool SeesSaid(rules::Audience audience, const MemberCode& author, std::string_view type) const {
    return audience == rules::Audience::kPublic || SeesType(author, type);
  }

  const Asked& asked_;
  std::vector<Step> steps_;
};

}  // namespace

absl::Status Answer(const Asked& asked, const v1::RecordHistory& question) {
  if (!question.has_index()) {
    return absl::InvalidArgumentError("the record is missing: give the index of its entry");
  }
  for (const Step& step : History(asked).Of(EntryIndex(question.index()))) {
    const std::string place = rules::IndexDigits(step.index);
    if (place < asked.page.from()) continue;
    v1::AnswerRow row;
    row.add_entries(step.index.value());
    v1::HistoryRow& said = *row.mutable_history();
    said.set_index(step.index.value());
    said.set_step(step.what);
    said.set_type(step.type);
    said.set_author(step.author.str());
    if (!asked.page.Add(place, std::move(row))) break;
  }
  return absl::OkStatus();
}

}  // namespace assent::questions
