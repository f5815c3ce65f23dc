// Pledges that hold, by state and target date.
#include <array>
#include <string_view>
#include <utility>

#include "ledger/questions/answers.h"
#include "ledger/questions/by_state.h"
#include "ledger/rules/indexes.h"

namespace assent::questions {
namespace {

constexpr std::array<std::string_view, 1> kTypes{"Pledge"};

}  // namespace

absl::Status Answer(const Asked& asked, const v1::PledgesAndOffers& question) {
  auto state = StateOf(question.state());
  if (!state.ok()) return state.status();
  const StateTimeRange range{.set = rules::kPledges,
                             .types = kTypes,
                             .state = *std::move(state),
                             .first = Time{0},
                             .end = std::nullopt};
  VisitByState(asked.ledger, asked.sight, range, asked.page, [&](const StateTime& at) {
    v1::AnswerRow row;
    row.add_entries(at.index.value());
    v1::PledgeRow& said = *row.mutable_pledge();
    said.set_state(at.state.str());
    said.set_pledge(at.index.value());
    said.set_target_date_us(at.time.us);
    return asked.page.Add(at.place, std::move(row));
  });
  return absl::OkStatus();
}

}  // namespace assent::questions
