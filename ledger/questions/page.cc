#include "ledger/questions/page.h"

#include <utility>

namespace assent::questions {

bool Page::Add(std::string_view place, v1::AnswerRow row) {
  bytes_ += row.ByteSizeLong();
  if (rows_ == rows_max_ || (rows_ > 0 && bytes_ > kAnswerBytesMax)) {
    EndAt(place);
    return false;
  }
  ++rows_;
  *response_->add_rows() = std::move(row);
  return true;
}

}  // namespace assent::questions
