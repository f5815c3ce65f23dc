// A ledger on which tests file records, and that can be asked as of every size that it has had.
#ifndef ASSENT_TESTS_UNIT_LEDGER_QUESTIONS_STORY_H_
#define ASSENT_TESTS_UNIT_LEDGER_QUESTIONS_STORY_H_

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "assent/v1/questions.pb.h"
#include "ledger/questions/questions.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::questions {

// Who asks.
Sight Members();
Sight Public();
// A reader of these states' records only, and of these types; empty: of all.
Sight Scoped(const std::vector<std::string>& authors, const std::vector<std::string>& types);

// All rows, fetched by pages of `rows_max`. What is wrong with the question fails the test.
std::vector<v1::AnswerRow> AllRows(const Snapshot& ledger, const Sight& sight,
                                   const v1::AskRequest& request, std::size_t rows_max = 1'000);
// Each as text, to be compared and printed.
std::vector<std::string> Texts(const std::vector<v1::AnswerRow>& rows);

// A question of each kind that can be asked of this ledger, with all its fields in use at least
// once.
std::vector<v1::AskRequest> AllQuestions(std::uint64_t entries);

class Story {
 public:
  rules::TestLedger ledger;

  // Files what must be accepted.
  EntryIndex File(std::string_view author, const v1::Body& body);
  // Files something that may be refused: any record of any founder, about those before it.
  void FileAnything(std::mt19937& random);

  // As it is now, and as of the first `tree_size` entries: derived from the newest state, or from
  // the state as it was then.
  Snapshot Now() const;
  Snapshot Derived(std::uint64_t tree_size) const;
  Snapshot Replayed(std::uint64_t tree_size) const;

  std::vector<v1::AnswerRow> Ask(const v1::AskRequest& request,
                                 const Sight& sight = Members()) const {
    return AllRows(Now(), sight, request);
  }

  // Whether the body of an entry is PUBLIC.
  bool IsPublic(EntryIndex index) const { return public_.at(index.value()); }

 private:
  void Remember(const v1::Body& body);

  struct Moment {
    MemoryState state;
    Time time;  // of the block that ended it
  };
  std::vector<bool> public_;  // of each entry
  std::vector<Moment> moments_{{ledger.state(), ledger.act().text.founded}};
};

}  // namespace assent::questions

#endif  // ASSENT_TESTS_UNIT_LEDGER_QUESTIONS_STORY_H_
