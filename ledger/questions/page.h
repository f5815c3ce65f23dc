// One page while it is filled: how much room is left, and where the next one begins.
#ifndef ASSENT_LEDGER_QUESTIONS_PAGE_H_
#define ASSENT_LEDGER_QUESTIONS_PAGE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "assent/v1/questions.pb.h"

namespace assent::questions {

// Of one page: keys looked at, and bytes of its rows. Whoever has seen nothing in so many keys gets
// a short page and a cursor.
inline constexpr std::size_t kPageKeysMax = 10'000;
inline constexpr std::size_t kAnswerBytesMax = 3 * 1024 * 1024;

// Rows have a place, in the order of the question; a cursor is the place of the first row that does
// not fit.
class Page {
 public:
  // `response` must outlive the page.
  Page(std::size_t rows_max, std::string cursor, v1::AskResponse* response)
      : rows_max_(rows_max), from_(std::move(cursor)), response_(response) {}

  // Where the page begins; empty for the first.
  const std::string& from() const { return from_; }
  // Keys that may still be looked at.
  std::size_t& keys() { return keys_; }
  // Adds a row, or ends the page before it: then false.
  bool Add(std::string_view place, v1::AnswerRow row);
  // Ends the page; the next begins at `place`.
  void EndAt(std::string_view place) { next_ = std::string(place); }
  bool ended() const { return next_.has_value(); }
  // The cursor of the next page; empty when there is none.
  std::string next() const { return next_.value_or(""); }

 private:
  const std::size_t rows_max_;
  const std::string from_;
  v1::AskResponse* const response_;
  std::size_t rows_ = 0;
  std::size_t bytes_ = 0;
  std::size_t keys_ = kPageKeysMax;
  std::optional<std::string> next_;
};

}  // namespace assent::questions

#endif  // ASSENT_LEDGER_QUESTIONS_PAGE_H_
