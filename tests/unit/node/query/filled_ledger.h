// A ledger of three founders whose blocks pass the rules, in memory, to be asked questions.
#ifndef ASSENT_TESTS_UNIT_NODE_QUERY_FILLED_LEDGER_H_
#define ASSENT_TESTS_UNIT_NODE_QUERY_FILLED_LEDGER_H_

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "assent/v1/entry.pb.h"
#include "assent/v1/ledger.pb.h"
#include "ledger/rules/state.h"
#include "node/execution/execution.h"
#include "node/query/reader.h"
#include "node/replica/store.h"
#include "node/storage/memory_store.h"
#include "tests/support/test_ledger.h"

namespace assent::query {

// Block `h` has time founded + `h` hours.
class FilledLedger {
 public:
  FilledLedger();

  // An entry for the next block; its index is the number of entries filed before.
  EntryIndex File(std::string_view author, const v1::Body& body);
  // The next block, of all that was filed since the last. Every entry must pass the rules.
  void Commit(std::string certificate = "certificate");
  // File and Commit.
  EntryIndex Add(std::string_view author, const v1::Body& body);

  // The founders decide that `member` chairs from then on, for a year.
  void AppointChair(std::string_view member);

  void SetCheckpoint(const replica::CheckpointRecord& record);
  void KeepEvidence(const std::string& key, const std::string& value);

  std::shared_ptr<const replica::ReadView> view() const { return store_.Read(); }
  const testing::TestLedger& ledger() const { return ledger_; }
  static Time TimeOf(std::uint64_t height);

  static Reader Member() { return {Rights::kMember, *MemberCode::From("AAA")}; }
  static Reader Anonymous() { return {}; }

 private:
  // The state of the newest tip.
  class Committed : public StateView {
   public:
    explicit Committed(const replica::Store* store) : store_(store) {}
    std::optional<std::string> Get(std::string_view key) const override;
    void Scan(std::string_view prefix, std::string_view from, Visitor visit) const override;

   private:
    const replica::Store* store_;
  };

  testing::TestLedger ledger_;
  storage::MemoryStore store_;
  Committed state_;
  execution::Executor executor_;
  execution::ExecutedPtr tip_;
  std::map<std::string, AuthorHead, std::less<>> heads_;
  std::vector<EntryPtr> filed_;
};

// Bodies. A withdrawal is PUBLIC; a report and what is said of a revision are for MEMBERS.
v1::Body PublicNotification(std::string_view reference);
v1::Body MembersNotification(std::string_view reference);
v1::Body Amending(EntryIndex target, v1::Body body);
v1::Body Report(EntryIndex notification);
v1::Body Withdraw(EntryIndex target);
v1::Body OpenRevision(std::string_view title, std::string_view text, std::uint32_t replaces = 0);
v1::Body SignRevision(EntryIndex round, std::string_view text, std::uint32_t replaces = 0);
v1::Body ObjectToRevision(EntryIndex round);
v1::Body PresentRevision(EntryIndex round, std::string_view title,
                         std::string_view text);  // PUBLIC
v1::Body DraftRevision(std::string_view title, std::string_view text);
v1::Body CirculateDraft(EntryIndex draft);
v1::Body ReceiveDraft(EntryIndex draft_or_summary, std::string_view text);
v1::Body CommentOnDraft(EntryIndex draft, std::string_view text);
v1::Body SummariseDraft(EntryIndex draft, std::string_view text);

}  // namespace assent::query

#endif  // ASSENT_TESTS_UNIT_NODE_QUERY_FILLED_LEDGER_H_
