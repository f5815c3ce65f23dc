#include "tests/bench/scale/history.h"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/membership/voters.h"
#include "tests/bench/scale/bodies.h"

namespace assent::bench {
namespace {

constexpr std::uint64_t kBusyEntries = 1'000;  // filed in the last days of each half, at any size
constexpr std::int64_t kBusyDays = 40;
constexpr std::int64_t kRoundDays = 120;  // from one round of revision to the next
constexpr std::uint64_t kProgressEntries = 50'000;
constexpr unsigned kAskedPercent = 2;       // launches about which somebody asks
constexpr unsigned kAskedPercentBusy = 20;  // so that there are such at any size

// What follows from something that was filed.
struct Step {
  enum class What { kAmend, kReport, kCancel, kAsk, kReply, kClose };
  What what;
  std::size_t author;
  Launch launch;
  EntryIndex about;  // the notification, or the request
};

// How many entries there are at the end of each day.
class Pace {
 public:
  // From `first` on, a day before which there are `begun`; the last day is `last`, after which
  // there are `entries`. `middle` ends the first busy time.
  Pace(std::int64_t first, std::int64_t middle, std::int64_t last, std::uint64_t begun,
       std::uint64_t entries)
      : first_(first), middle_(middle), last_(last), begun_(begun) {
    const std::uint64_t left = entries - begun;
    busy_ = std::min(kBusyEntries, left / 4);
    calm_ = left - 2 * busy_;
  }

  std::uint64_t AtEndOf(std::int64_t day) const {
    const std::int64_t days = last_ - first_ + 1 - 2 * kBusyDays;
    const std::int64_t busy = BusyBefore(day, middle_) + BusyBefore(day, last_);
    const std::int64_t calm = day - first_ + 1 - busy;
    return begun_ + calm_ * static_cast<std::uint64_t>(calm) / static_cast<std::uint64_t>(days) +
           busy_ * static_cast<std::uint64_t>(busy) / kBusyDays;
  }
  bool IsBusy(std::int64_t day) const {
    return (day > middle_ - kBusyDays && day <= middle_) || day > last_ - kBusyDays;
  }

 private:
  // Busy days up to `day`, of those that end at `end`.
  static std::int64_t BusyBefore(std::int64_t day, std::int64_t end) {
    return std::clamp<std::int64_t>(day - (end - kBusyDays), 0, kBusyDays);
  }

  const std::int64_t first_;
  const std::int64_t middle_;
  const std::int64_t last_;
  const std::uint64_t begun_;
  std::uint64_t busy_;
  std::uint64_t calm_;
};

class Historian {
 public:
  Historian(Chain& chain, std::vector<State>& states,
            const std::function<void(std::uint64_t)>& told)
      : chain_(chain), states_(states), told_(told) {}

  absl::StatusOr<Marks> Write(std::uint64_t entries) {
    if (absl::Status joined = Join(); !joined.ok()) return joined;
    const std::int64_t first = DayNumber(FromCivil({kFirstLedgerYear, 2, 1}));
    const std::int64_t middle =
        DayNumber(FromCivil({kFirstLedgerYear + kLedgerYears / 2, 1, 1})) - 1;
    const std::int64_t last = DayNumber(FromCivil({kFirstLedgerYear + kLedgerYears, 1, 1})) - 1;
    const Pace pace(first, middle, last, chain_.entries(), entries);
    for (std::int64_t day = first; day <= last; ++day) {
      if (absl::Status filed = WriteDay(day, pace); !filed.ok()) return filed;
      if (day != middle) continue;
      marks_.old_entries = chain_.newest().tree_size;
      marks_.old_height = chain_.newest().height.value();
    }
    marks_.entries = chain_.newest().tree_size;
    marks_.height = chain_.newest().height.value();
    marks_.year = kFirstLedgerYear + kLedgerYears - 2;
    marks_.old_year = kFirstLedgerYear + kLedgerYears / 2 - 2;
    return marks_;
  }

 private:
  using What = Step::What;

  // All that are not founders subscribe, and the members attest it.
  absl::Status Join() {
    for (std::size_t i = kVotingStates; i < states_.size(); ++i) {
      chain_.BeginBlock(FoundedAt() + Hours(static_cast<std::int64_t>(i)));
      const auto note = chain_.File(states_[0], NoteOf(states_[i], chain_.id()));
      if (!note.ok()) return note.status();
      for (std::size_t endorser = 1; endorser < QuorumOf(i); ++endorser) {
        const auto said = chain_.File(states_[endorser], EndorsementOf(*note));
        if (!said.ok()) return said.status();
      }
      if (absl::Status ended = chain_.EndBlock(); !ended.ok()) return ended;
    }
    return absl::OkStatus();
  }

  absl::Status WriteDay(std::int64_t day, const Pace& pace) {
    const Time noon = FromDay(day) + Hours(12);
    chain_.BeginBlock(noon);
    busy_ = pace.IsBusy(day);
    Plan(day);
    const std::uint64_t wanted = pace.AtEndOf(day);
    while (chain_.entries() < wanted) {
      if (absl::Status filed = FileNext(); !filed.ok()) return filed;
      if (chain_.entries() % kProgressEntries == 0) told_(chain_.entries());
    }
    return chain_.EndBlock();
  }

  static Time FromDay(std::int64_t day) { return {Days(day).us}; }

  // What has its day in the calendar. It is filed before all else as soon as there is room.
  void Plan(std::int64_t day) {
    const CivilDate date = ToCivil(FromDay(day));
    const std::int64_t of_year = day - DayNumber(FromCivil({date.year, 1, 1}));
    for (std::size_t i = 0; i < states_.size(); ++i) {
      const auto turn = static_cast<std::int64_t>(i % 50);
      // Every other state declares; of those every fifth has nothing to declare.
      if (i % 2 == 0 && of_year == 32 + turn && date.year > kFirstLedgerYear) {
        planned_.emplace_back(i, DeclarationBody(date.year - 1, i % 10 == 0));
      }
      if (date.year == kFirstLedgerYear + 1 && of_year == 100 + turn) {
        planned_.emplace_back(i, PledgeBody(FromCivil({2030 + turn, 1, 1})));
      }
    }
    if (of_year % kRoundDays == 60) planned_.emplace_back(1, RoundBody(of_year));
  }

  absl::Status FileNext() {
    if (round_) {
      const EntryIndex round = *std::exchange(round_, std::nullopt);
      return chain_.File(states_[2], ObjectionTo(round)).status();
    }
    if (!planned_.empty()) {
      auto [author, body] = std::move(planned_.front());
      planned_.pop_front();
      const bool opens = body.has_revision_open();
      const auto index = chain_.File(states_[author], std::move(body));
      if (index.ok() && opens) round_ = *index;
      return index.status();
    }
    // One thing follows from a launch, on average: by turns both stay in balance.
    const bool due = !steps_.empty() && steps_.begin()->first <= chain_.time();
    if (due && Percent(50)) return FileStep();
    return FileLaunch();
  }

  std::uint64_t Draw(std::uint64_t below) { return random_() % below; }
  bool Percent(unsigned percent) { return Draw(100) < percent; }
  std::size_t Other(std::size_t author) {
    return (author + 1 + Draw(states_.size() - 1)) % states_.size();
  }
  Time In(std::int64_t days) const { return chain_.time() + Days(days); }

  absl::Status FileLaunch() {
    const std::size_t author = Draw(states_.size());
    const std::uint64_t how = Draw(100);
    if (how < 6) return chain_.File(states_[author], UnannouncedReport(chain_.time())).status();
    if (how < 9) {
      const std::string& seen = states_[Other(author)].code.str();
      return chain_.File(states_[author], ObservationOf(seen, chain_.time())).status();
    }
    Launch launch{.number = ++launches_, .is_public = Percent(50)};
    launch.start = In(2 + static_cast<std::int64_t>(Draw(14)));
    if (how < 11) {
      launch.start = FoundedAt() - Days(30 + static_cast<std::int64_t>(Draw(300)));  // historic
    } else if (how < 15) {
      launch.start = chain_.time() - Days(8);  // after the fact
    } else if (how < 21) {
      launch.start = chain_.time() + Hours(12);  // late
    }
    launch.end = launch.start + Hours(120 + static_cast<std::int64_t>(Draw(48)));
    const auto index = chain_.File(states_[author], NotificationBody(launch));
    if (!index.ok()) return index.status();
    Follow(author, launch, *index, /*amended=*/how >= 93);
    return absl::OkStatus();
  }

  void Follow(std::size_t author, const Launch& launch, EntryIndex index, bool amended) {
    const Time over = std::max(launch.end, chain_.time());
    const std::uint64_t then = Draw(100);
    if (amended) Later(In(1), {What::kAmend, author, launch, index});
    if (then < 90) {
      const auto days = static_cast<std::int64_t>(1 + Draw(30));
      Later(over + Days(days), {What::kReport, author, launch, index});
    } else if (then < 95 && !amended) {
      Later(In(1), {What::kCancel, author, launch, index});
    }
    if (Percent(busy_ ? kAskedPercentBusy : kAskedPercent)) {
      Later(In(2), {What::kAsk, Other(author), launch, index});
      respondents_[index] = author;
    }
  }

  void Later(Time at, const Step& step) { steps_.emplace(at, step); }

  absl::Status FileStep() {
    const Step step = steps_.begin()->second;
    steps_.erase(steps_.begin());
    const auto filed = chain_.File(states_[step.author], BodyOf(step));
    if (!filed.ok()) return filed.status();
    switch (step.what) {
      case What::kAmend:
        amended_.emplace(step.launch.number, step.about);
        break;
      case What::kReport:
        if (marks_.record == 0 && amended_.contains(step.launch.number)) {
          marks_.record = step.about.value();
        }
        break;
      case What::kAsk: {
        const auto respondent = respondents_.find(step.about);
        if (Percent(50)) Later(In(1), {What::kReply, respondent->second, step.launch, *filed});
        if (Percent(60)) Later(In(10), {What::kClose, step.author, step.launch, *filed});
        respondents_.erase(respondent);
        break;
      }
      default:
        break;
    }
    return absl::OkStatus();
  }

  v1::Body BodyOf(const Step& step) const {
    switch (step.what) {
      case What::kAmend: {
        Launch narrower = step.launch;
        narrower.end = narrower.end - Hours(1);
        v1::Body body = NotificationBody(narrower);
        body.set_supersedes(step.about.value());
        return body;
      }
      case What::kReport:
        return ReportOf(step.about, step.launch);
      case What::kCancel:
        return CancellationOf(step.about, step.launch);
      case What::kAsk:
        return QuestionAbout(step.about, step.launch);
      case What::kReply:
        return ReplyTo(step.about, step.launch);
      case What::kClose:
        return CloseOf(step.about, step.launch);
    }
    return {};
  }

  Chain& chain_;
  std::vector<State>& states_;
  const std::function<void(std::uint64_t)>& told_;
  std::mt19937_64 random_;  // NOLINT: the same numbers on every run
  std::multimap<Time, Step> steps_;
  std::deque<std::pair<std::size_t, v1::Body>> planned_;
  std::optional<EntryIndex> round_;  // that is open
  std::map<EntryIndex, std::size_t> respondents_;
  std::map<std::uint64_t, EntryIndex> amended_;  // launch, its notification
  std::uint64_t launches_ = 0;
  bool busy_ = false;
  Marks marks_;
};

}  // namespace

Time FoundedAt() { return FromCivil({kFirstLedgerYear, 1, 1}); }

std::uint64_t EntriesMin(std::size_t states) {
  std::uint64_t joining = 0;
  for (std::size_t i = kVotingStates; i < states; ++i) joining += QuorumOf(i);
  // Declarations of half of them, a pledge of each, and rounds, twice over for launches.
  return joining + 2 * (states * kLedgerYears / 2 + states + 6 * kLedgerYears);
}

absl::StatusOr<Marks> WriteHistory(Chain& chain, std::vector<State>& states, std::uint64_t entries,
                                   const std::function<void(std::uint64_t)>& progress) {
  return Historian(chain, states, progress).Write(entries);
}

}  // namespace assent::bench
