#include "tests/unit/ledger/questions/story.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "tests/unit/ledger/rules/cooperation_bodies.h"
#include "tests/unit/ledger/rules/draft_bodies.h"

namespace assent::questions {
namespace {

using rules::Amending;
using rules::Declaration;
using rules::FullDeclaration;
using rules::Notification;
using rules::Report;

constexpr std::array kAuthors{"DEU", "FRA", "NOR"};

template <class List>
auto Pick(std::mt19937& random, const List& list) {
  return list[random() % list.size()];
}

v1::Body AnyNotification(std::mt19937& random, std::string_view reference, Time now) {
  v1::Body body = Notification(reference);
  v1::LaunchNotification& said = *body.mutable_launch_notification();
  said.set_count(1 + static_cast<std::uint32_t>(random() % 3));
  // From 30 days ago, before the ledger was founded perhaps, to 10 days ahead.
  const Time start = now + Hours(static_cast<std::int64_t>(random() % 960) - 720);
  said.set_window_start_us(start.us);
  said.set_window_end_us((start + Hours(1 + static_cast<std::int64_t>(random() % 100))).us);
  return body;
}

v1::Body AnyReport(std::mt19937& random, EntryIndex about, Time now) {
  v1::Body body = Report(about);
  v1::LaunchReport& said = *body.mutable_launch_report();
  if (random() % 4 == 0) return body;  // not launched
  said.set_outcome(random() % 3 ? v1::LAUNCHED : v1::FAILED);
  said.set_launched_at_us((now - Hours(static_cast<std::int64_t>(random() % 900))).us);
  if (random() % 2) {
    said.clear_notification();
    said.set_kind(v1::SPACE_LAUNCH);
    said.set_class_id("SLV_A");
  }
  return body;
}

// Rounds: whatever is open is signed, objected to or taken back by and by.
v1::Body AnyRound(std::mt19937& random, EntryIndex about) {
  switch (random() % 6) {
    case 0:
      return rules::Proposing(0, "The second text.\n");
    case 1:
      return random() % 4 ? rules::SignRound(about, "The second text.\n") : rules::ObjectTo(about);
    case 2:
      return rules::TakeBack(about);
    default:
      return rules::SignRound(about, "The second text.\n");
  }
}

v1::Body AnyOffer(std::mt19937& random, EntryIndex about) {
  switch (random() % 4) {
    case 0:
      return rules::AnswerTo(about, random() % 3 ? v1::ACCEPT : v1::DECLINE);
    case 1:
      return rules::Ending(about, random() % 2 ? v1::RESCINDED : v1::DELIVERED);
    default:
      return rules::OfferTo(Pick(random, kAuthors), about);
  }
}

// About launches of others, and what is said to it.
v1::Body AnyObservation(std::mt19937& random, EntryIndex about, Time now) {
  constexpr std::array<const char*, 4> kStates{"DEU", "FRA", "NOR", "PRK"};
  v1::Body body = rules::ObservationOf(kStates[random() % kStates.size()]);
  const Duration ago = Hours(static_cast<std::int64_t>(random() % 200));
  body.mutable_observed_launch()->set_launched_at_us((now - ago).us);
  switch (random() % 4) {
    case 0:
      return rules::ContestOf(about);
    case 1:
      return rules::ConfirmationOf(about);
    default:
      return body;
  }
}

v1::Body AnyClarification(std::mt19937& random, EntryIndex about) {
  switch (random() % 3) {
    case 0:
      return rules::ReplyTo(about);
    case 1:
      return rules::CloseOf(about);
    default:
      return rules::QuestionAbout(about);
  }
}

// Drafts of a revision, where there is a chair.
v1::Body AnyDraft(std::mt19937& random, EntryIndex about) {
  switch (random() % 7) {
    case 0:
      return rules::Drafting();
    case 1:
    case 2:
      return rules::Circulating(about);
    case 3:
      return rules::DraftReceived(about);
    case 4:
      return rules::SummaryReceived(about);
    case 5:
      return rules::SummingUp(about);
    default:
      return rules::CommentOn(about);
  }
}

v1::Body AnyInvitation(std::mt19937& random, EntryIndex about, Time now) {
  const rules::Codes invited = random() % 2 ? rules::Codes{"DEU", "NOR"} : rules::Codes{"FRA"};
  const Time until = now + Hours(1 + static_cast<std::int64_t>(random() % 400));
  v1::Body body;
  switch (random() % 5) {
    case 0:
      body = rules::InvitingObservers(invited, 9);
      body.mutable_observer_invitation()->set_from_us(now.us);
      body.mutable_observer_invitation()->set_until_us(until.us);
      return body;
    case 1:
      body = rules::ConferenceWith(invited);
      body.mutable_conference()->set_from_us(now.us);
      body.mutable_conference()->set_until_us(until.us);
      return body;
    case 2:
      return rules::ConferenceAnswerOf(Pick(random, kAuthors), about, v1::ACCEPT);
    case 3:
      return rules::ObserversCome(about, 1);
    default:
      return rules::NoObserversCome(about);
  }
}

v1::Body AnyBody(std::mt19937& random, std::uint64_t size, Time now) {
  const EntryIndex about(random() % (size + 1));
  const auto year = static_cast<std::uint32_t>(2026 - random() % 2);
  const EntryIndex recent(size - random() % std::min<std::uint64_t>(size + 1, 12));
  switch (random() % 30) {
    case 20:
    case 21:
    case 22:
    case 23:
    case 24:
      return AnyDraft(random, recent);
    case 25:
    case 26:
    case 27:
    case 28:
      return AnyInvitation(random, recent, now);
    case 0:
    case 1:
    case 2:
      return AnyNotification(random, absl::StrCat("L-", size), now);
    case 3:
    case 4:
    case 5:
      return AnyReport(random, about, now);
    case 6:
      return random() % 2 ? Declaration(year) : FullDeclaration(year);
    case 7:
      return rules::PledgeBy("2030-01-01T00:00:00Z");
    case 8:
      return rules::WithdrawalOf(about);
    case 9:
    case 10:
      return AnyRound(random, about);
    case 11:
    case 12:
      return AnyOffer(random, about);
    case 13:
    case 14:
    case 15:
      return AnyObservation(random, about, now);
    case 16:
    case 17:
    case 18:
      return AnyClarification(random, about);
    default:
      return rules::CancellationOf(about);
  }
}

}  // namespace

Sight Members() { return Sight::All(); }
Sight Public() { return Sight::Public(); }

Sight Scoped(const std::vector<std::string>& authors, const std::vector<std::string>& types) {
  return Sight::Scoped([authors, types](const MemberCode& author, std::string_view type) {
    const auto has = [](const std::vector<std::string>& list, std::string_view one) {
      return list.empty() || std::find(list.begin(), list.end(), one) != list.end();
    };
    return has(authors, author.str()) && has(types, type);
  });
}

std::vector<v1::AnswerRow> AllRows(const Snapshot& ledger, const Sight& sight,
                                   const v1::AskRequest& request, std::size_t rows_max) {
  v1::AskResponse response;
  std::string cursor;
  do {
    const int before = response.rows_size();
    const absl::Status status = Ask(ledger, sight, request, rows_max, cursor, response);
    EXPECT_TRUE(status.ok()) << request.ShortDebugString() << ": " << status;
    EXPECT_LE(static_cast<std::size_t>(response.rows_size() - before), rows_max);
    EXPECT_LE(cursor.size(), kCursorBytesMax);
    if (!status.ok()) break;
  } while (!cursor.empty());
  return {response.rows().begin(), response.rows().end()};
}

std::vector<std::string> Texts(const std::vector<v1::AnswerRow>& rows) {
  std::vector<std::string> texts;
  for (const v1::AnswerRow& row : rows) texts.push_back(row.ShortDebugString());
  return texts;
}

std::vector<v1::AskRequest> AllQuestions(std::uint64_t entries) {
  std::vector<v1::AskRequest> all;
  const auto add = [&all]() -> v1::AskRequest& { return all.emplace_back(); };
  for (const char* state : {"", "FRA"}) {
    for (const std::uint32_t year : {0u, 2025u, 2026u}) {
      for (const bool historic : {false, true}) {
        auto& launches = *add().mutable_launches_without_timely_notification();
        launches.set_state(state);
        launches.set_year(year);
        launches.set_historic(historic);
      }
    }
    add().mutable_expired_unresolved()->set_state(state);
    add().mutable_due()->set_state(state);
    add().mutable_pledges_and_offers()->set_state(state);
    add().mutable_open_clarifications()->set_state(state);
  }
  for (const std::uint32_t year : {2025u, 2026u}) {
    add().mutable_missing_declarations()->set_year(year);
    add().mutable_nil_filers()->set_year(year);
    add().mutable_discrepancies()->set_year(year);
    add().mutable_year_totals()->set_year(year);
  }
  for (std::uint64_t index = 0; index <= entries; index += 11) {
    add().mutable_record_history()->set_index(index);
  }
  add().mutable_revision_status();
  add().mutable_active_notifications();
  auto& box = *add().mutable_active_notifications()->mutable_box();
  box.set_south_udeg(-10'000'000);
  box.set_north_udeg(80'000'000);
  box.set_west_udeg(170'000'000);
  box.set_east_udeg(20'000'000);
  return all;
}

EntryIndex Story::File(std::string_view author, const v1::Body& body) {
  const EntryIndex index = ledger.MustFile(author, body);
  Remember(body);
  return index;
}

void Story::FileAnything(std::mt19937& random) {
  // From hours to weeks, so that deadlines pass and an author's day does not fill up.
  ledger.Pass(Hours(1 + static_cast<std::int64_t>(random() % (random() % 10 ? 12 : 500))));
  v1::Body body = AnyBody(random, ledger.size(), ledger.now());
  if (random() % 3 == 0) body.set_visibility(v1::PUBLIC);
  if (random() % 4 == 0)
    body = Amending(std::move(body), EntryIndex(random() % (ledger.size() + 1)));
  if (ledger.File(Pick(random, kAuthors), body).index) Remember(body);
}

void Story::Remember(const v1::Body& body) {
  public_.push_back(body.visibility() == v1::PUBLIC);
  moments_.push_back({ledger.state(), ledger.now()});
}

Snapshot Story::Now() const { return Replayed(ledger.size()); }

Snapshot Story::Derived(std::uint64_t tree_size) const {
  return {.state = ledger.state(), .tree_size = tree_size, .time = moments_.at(tree_size).time};
}

Snapshot Story::Replayed(std::uint64_t tree_size) const {
  const Moment& moment = moments_.at(tree_size);
  return {.state = moment.state, .tree_size = rules::kNewest, .time = moment.time};
}

}  // namespace assent::questions
