// Entries that wait, tried on what those before them have done: the state below moves on while they
// wait, and Apply must have an answer all the same, right or wrong.
#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <random>
#include <string>

#include "tests/unit/ledger/rules/cooperation_bodies.h"
#include "tests/unit/ledger/rules/membership_bodies.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

constexpr std::string_view kText = "New.\n";

// The waiting entries of FRA, kept as a node's pool keeps them: an entry's writes stay while it
// waits, and are not made again when the state below has changed.
class Waiting {
 public:
  explicit Waiting(TestLedger& ledger) : ledger_(ledger) {}

  // The reason for which the entry was refused; empty when it waits now.
  std::string Offer(const v1::Body& body) {
    EntryHeader header = ledger_.NextHeader("FRA");
    if (!entries_.empty()) {
      header.sequence = entries_.back().entry.header().sequence.next();
      header.previous = entries_.back().entry.leaf_hash();
    }
    const Entry entry = ledger_.Sign(header, body.SerializeAsString());
    const StateWrites effect = Effect();
    const WritesView view(&ledger_.state(), &effect);
    StateOverlay overlay(&view);
    const EntryIndex index(kFirstWaitingIndex.value() + offered_++);
    if (const auto refusal = Apply(entry, {index, Height(0), ledger_.now()}, overlay)) {
      return refusal->reason;
    }
    entries_.push_back({entry, overlay.TakeWrites()});
    return "";
  }

  // The first that waits is put on the ledger; when it is refused there, all are dropped.
  void PutFirst() {
    if (entries_.empty()) return;
    const Outcome outcome = ledger_.Put(entries_.front().entry);
    if (outcome.index) {
      entries_.pop_front();
    } else {
      entries_.clear();
    }
  }

 private:
  struct Tried {
    Entry entry;
    StateWrites writes;
  };

  StateWrites Effect() const {
    StateWrites effect;
    for (const Tried& tried : entries_) {
      for (const auto& [key, value] : tried.writes) effect.insert_or_assign(key, value);
    }
    return effect;
  }

  TestLedger& ledger_;
  std::deque<Tried> entries_;
  std::uint64_t offered_ = 0;
};

TEST(Waiting, ReportsGoOnWhenTheAmendmentBeforeThemIsFinal) {
  TestLedger ledger;
  const EntryIndex launch = ledger.MustFile("FRA", Notification("A-1"));
  Waiting waiting(ledger);
  EXPECT_EQ(waiting.Offer(Amending(Notification("A-1"), launch)), "");
  EXPECT_EQ(waiting.Offer(Report(launch)), "");
  waiting.PutFirst();
  EXPECT_EQ(waiting.Offer(Report(launch)), "");
  waiting.PutFirst();
  waiting.PutFirst();
  EXPECT_EQ(ledger.size(), 4u);
}

// An invitation by FRA or NOR to either, or an answer.
v1::Body AnyInvitation(std::mt19937& random, EntryIndex named) {
  const Codes invited = {"MEX", "NOR"};
  switch (random() % 6) {
    case 0:
      return InvitingObservers({"NOR"}, 2);
    case 1:
      return Amending(ConferenceWith(invited), named);
    case 2:
      return ConferenceWith(invited);
    case 3:
      return ObserversCome(named, 1);
    case 4:
      return AttendanceOf(named, {"MEX"});
    default:
      return ConferenceAnswerOf("MEX", named, v1::ACCEPT);
  }
}

// Something that FRA may file, about entries of the ledger and about some that wait.
v1::Body AnyBody(std::mt19937& random, std::uint64_t size) {
  const auto below = [&](std::uint64_t n) { return random() % n; };
  const auto any_index = [&] {
    return EntryIndex(below(4) == 0 ? kFirstWaitingIndex.value() + below(40) : below(size + 1));
  };
  const std::string reference = "R-" + std::to_string(below(12));
  const auto year = static_cast<std::uint32_t>(2024 + below(3));
  switch (below(26)) {
    case 0:
      return Notification(reference);
    case 1:
      return Amending(Notification(reference), any_index());
    case 2:
      return below(2) == 0 ? FullDeclaration(year) : Amending(FullDeclaration(year), any_index());
    case 3: {
      v1::Body body = Declaration(year);
      auto& space = *body.mutable_annual_declaration()->mutable_space_launch();
      space.set_form(v1::NO_CHANGE);
      space.set_unchanged_since(any_index().value());
      return body;
    }
    case 4:
      return below(2) == 0 ? Report(any_index()) : Amending(Report(any_index()), any_index());
    case 5:
      return WithdrawalOf(any_index());
    case 6:
      return CancellationOf(any_index());
    case 7:
      return Proposing(static_cast<std::uint32_t>(below(3)), kText);
    case 8:
      return Accrediting(below(2) == 0 ? "A" : "B");
    case 9:
      return EndOf(any_index());
    case 10:
      return SignRound(any_index(), kText, static_cast<std::uint32_t>(below(3)));
    case 11:
      return EndorsementOf(any_index());
    case 12:
      return below(2) == 0 ? SuspensionOf("NOR") : NoteOf(below(2) == 0 ? "SWE" : "ITA");
    case 13:
      return below(2) == 0 ? NewContact() : Inviting("SWE");
    case 14:
      return below(2) == 0 ? TermOf("FRA", "2026-02-01", "2026-03-01")
                           : ReplacementOf("NOR", "NOR/" + reference);
    case 15:
      return below(2) == 0 ? PledgeBy("2030-01-01") : OfferTo("NOR", any_index());
    case 16:
      return below(2) == 0 ? AnswerTo(any_index(), v1::ACCEPT) : Ending(any_index(), v1::RESCINDED);
    case 17:
      return AnyInvitation(random, any_index());
    case 18:
      return below(2) == 0 ? ObservationOf("NOR") : ObservationOf("FRA");
    case 19:
      return below(2) == 0 ? ContestOf(any_index())
                           : Amending(ConfirmationOf(any_index()), any_index());
    case 20:
      return QuestionAbout(any_index());
    case 21:
      return below(2) == 0 ? ReplyTo(any_index()) : Amending(ReplyTo(any_index()), any_index());
    case 22:
      return CloseOf(any_index());
    case 23:
      return below(2) == 0 ? ExemptionFor("2027-01-01", "2028-01-01")
                           : Amending(ExemptionFor("2027-01-01", "2029-01-01"), any_index());
    default:
      return below(2) == 0 ? ObjectTo(any_index()) : TakeBack(any_index());
  }
}

TEST(Waiting, WhateverIsOfferedGetsAnAnswer) {
  int taken = 0;
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    std::mt19937 random(seed);
    TestLedger ledger({"FRA", "NOR"});
    Waiting waiting(ledger);
    for (int step = 0; step < 150; ++step) {
      ledger.Pass(Hours(2));
      switch (random() % 6) {
        case 0:
          waiting.PutFirst();
          break;
        case 1:
          ledger.File("NOR", AnyBody(random, ledger.size()));
          break;
        default:
          if (waiting.Offer(AnyBody(random, ledger.size())).empty()) ++taken;
      }
    }
  }
  EXPECT_GT(taken, 300) << "too few are taken to show anything";
}

TEST(WaitingEntryTest, IsInNoIndexBeforeItIsOnTheLedger) {
  TestLedger ledger;
  const EntryIndex first = ledger.MustFile("FRA", Notification("A-1"));
  v1::Body amendment = Notification("A-1");
  amendment.set_supersedes(first.value());
  const auto indexed = [&](EntryIndex index) {
    const Entry entry = ledger.Sign(ledger.NextHeader("FRA"), amendment.SerializeAsString());
    StateOverlay overlay(&ledger.state());
    EXPECT_FALSE(Apply(entry, {index, Height(0), ledger.now()}, overlay));
    std::size_t keys = 0;
    for (const auto& [key, value] : overlay.writes()) {
      for (const std::string_view mark : {"in/", "was/", "tally/"}) keys += key.starts_with(mark);
    }
    return keys;
  };
  EXPECT_GT(indexed(EntryIndex(ledger.size())), 0u);
  EXPECT_EQ(indexed(kFirstWaitingIndex), 0u);
}

}  // namespace
}  // namespace assent::rules
