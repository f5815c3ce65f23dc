// Conferences: invitations to members and others, their answers, who attended.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/rules/keys.h"
#include "ledger/rules/read_invitations.h"
#include "tests/unit/ledger/rules/cooperation_bodies.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

using ::testing::ElementsAre;

// AAA, AAB, AAC, ...
std::vector<std::string> ManyCodes(int count) {
  std::vector<std::string> codes;
  for (int i = 0; i < count; ++i) {
    codes.push_back({'A', static_cast<char>('A' + i / 26), static_cast<char>('A' + i % 26)});
  }
  return codes;
}

v1::Body ConferenceWithMany(int count, std::size_t name_bytes) {
  v1::Body body = ConferenceWith({});
  for (const std::string& code : ManyCodes(count)) {
    v1::Invitee& invitee = *body.mutable_conference()->add_invited();
    invitee.set_code(code);
    invitee.set_name(std::string(name_bytes, 'n'));
  }
  return body;
}

std::optional<InvitationAnswerView> AnswerOf(const TestLedger& ledger, EntryIndex conference,
                                             std::string_view state,
                                             std::uint64_t tree_size = kNewest) {
  return InvitationAnswerAt(ledger.state(), conference, Code(state), tree_size);
}

TEST(Conference, Invites86StatesAndUpTo256) {
  TestLedger ledger;
  const EntryIndex conference = ledger.MustFile("FRA", ConferenceWithMany(86, 256));
  EXPECT_EQ(InvitationAt(ledger.state(), conference)->invited.size(), 86u);
  for (const std::string& code : ManyCodes(86)) {
    const bool declines = code == "AAC" || code == "ADB";
    ledger.Pass(Hours(1));
    ledger.MustFile("NOR",
                    ConferenceAnswerOf(code, conference, declines ? v1::DECLINE : v1::ACCEPT));
  }
  int accepted = 0;
  for (const std::string& code : ManyCodes(86)) {
    accepted += AnswerOf(ledger, conference, code)->accepted ? 1 : 0;
  }
  EXPECT_EQ(accepted, 84);
  EXPECT_EQ(ledger.Reason("FRA", ConferenceWithMany(256, 200)), "");
  EXPECT_EQ(ledger.Reason("FRA", ConferenceWithMany(257, 20)), "INVITED_COUNT");
}

TEST(Conference, IsAnsweredByMembersThemselvesAndForOthersByAMember) {
  TestLedger ledger;
  const EntryIndex conference = ledger.MustFile("FRA", ConferenceWith({"NOR", "MEX", "VAT"}));
  const EntryIndex own = ledger.MustFile("NOR", ConferenceAnswerOf("NOR", conference, v1::ACCEPT));
  ledger.Pass(Hours(1));
  const EntryIndex lodged =
      ledger.MustFile("DEU", ConferenceAnswerOf("MEX", conference, v1::DECLINE));

  const InvitationAnswerView of_nor = *AnswerOf(ledger, conference, "NOR");
  EXPECT_EQ(of_nor.index, own);
  EXPECT_EQ(of_nor.lodged_by, Code("NOR"));
  EXPECT_TRUE(of_nor.accepted);
  const InvitationAnswerView of_mex = *AnswerOf(ledger, conference, "MEX");
  EXPECT_EQ(of_mex.index, lodged);
  EXPECT_EQ(of_mex.state, Code("MEX"));
  EXPECT_EQ(of_mex.lodged_by, Code("DEU"));
  EXPECT_FALSE(of_mex.accepted);
  EXPECT_EQ(of_mex.time, ledger.now());
  EXPECT_FALSE(AnswerOf(ledger, conference, "VAT"));

  // The host may lodge the answers of states that are no members, too.
  EXPECT_EQ(ledger.Reason("FRA", ConferenceAnswerOf("VAT", conference, v1::ACCEPT)), "");
}

TEST(Conference, NoLodgerHasAHoldOnAnothersAnswer) {
  TestLedger ledger;
  const EntryIndex conference = ledger.MustFile("FRA", ConferenceWith({"MEX"}));
  const EntryIndex by_deu =
      ledger.MustFile("DEU", ConferenceAnswerOf("MEX", conference, v1::DECLINE));
  const EntryIndex by_nor =
      ledger.MustFile("NOR", ConferenceAnswerOf("MEX", conference, v1::ACCEPT));
  EXPECT_EQ(AnswerOf(ledger, conference, "MEX")->index, by_nor) << "the newest counts";
  const EntryIndex amended =
      ledger.MustFile("DEU", Amending(ConferenceAnswerOf("MEX", conference, v1::DECLINE), by_deu));
  EXPECT_EQ(AnswerOf(ledger, conference, "MEX")->index, amended);
  EXPECT_EQ(AnswerOf(ledger, conference, "MEX", amended.value())->index, by_nor);
  EXPECT_EQ(AnswerOf(ledger, conference, "MEX", by_nor.value())->index, by_deu);
  ledger.MustFile("DEU", WithdrawalOf(amended));
  EXPECT_EQ(AnswerOf(ledger, conference, "MEX")->index, by_nor);

  // MEX becomes a member: from then on it alone answers.
  const auto key_of_deu = ledger.state().Get(MemberKey(Code("DEU")));
  ledger.Write({{MemberKey(Code("MEX")), key_of_deu}});
  EXPECT_EQ(
      ledger.Reason("NOR", Amending(ConferenceAnswerOf("MEX", conference, v1::DECLINE), by_nor)),
      "ANSWERS_ITSELF");
}

TEST(Conference, AnswersOnlyWhoIsInvited) {
  TestLedger ledger;
  const EntryIndex conference = ledger.MustFile("FRA", ConferenceWith({"NOR", "MEX"}));
  for (const char* state : {"DEU", "FRA", "ZZZ", "", "no code", "MEXICO"}) {
    EXPECT_EQ(ledger.Reason("DEU", ConferenceAnswerOf(state, conference, v1::ACCEPT)),
              "NOT_INVITED")
        << state;
  }
}

TEST(Conference, KeepsInvitingWhoHasAcceptedAndMayInviteMore) {
  TestLedger ledger;
  const EntryIndex first = ledger.MustFile("FRA", ConferenceWith({"NOR", "MEX"}));
  const EntryIndex answer = ledger.MustFile("NOR", ConferenceAnswerOf("NOR", first, v1::ACCEPT));
  EXPECT_EQ(ledger.Reason("FRA", Amending(ConferenceWith({"MEX"}), first)), "ACCEPTED_DROPPED");
  const EntryIndex second = ledger.MustFile("FRA", Amending(ConferenceWith({"DEU", "NOR"}), first));
  EXPECT_EQ(ledger.Reason("DEU", ConferenceAnswerOf("DEU", second, v1::ACCEPT)), "");
  EXPECT_EQ(ledger.Reason("DEU", ConferenceAnswerOf("MEX", second, v1::ACCEPT)), "NOT_INVITED");
  ledger.MustFile("NOR", Amending(ConferenceAnswerOf("NOR", second, v1::DECLINE), answer));
  EXPECT_EQ(ledger.Reason("FRA", Amending(ConferenceWith({"DEU"}), second)), "");
}

TEST(Conference, AttendanceIsRecordedFromItsBeginningOnAndCorrected) {
  TestLedger ledger;
  const EntryIndex conference = ledger.MustFile("FRA", ConferenceWith({"NOR", "MEX"}));
  ledger.SetTime("2026-03-01T23:59:59.999999Z");
  EXPECT_EQ(ledger.Reason("FRA", AttendanceOf(conference, {"NOR"})), "CONFERENCE_AHEAD");
  ledger.SetTime("2026-03-02");
  const EntryIndex first = ledger.MustFile("FRA", AttendanceOf(conference, {"NOR"}));
  ledger.SetTime("2027-01-01");  // long after it
  const EntryIndex second =
      ledger.MustFile("FRA", Amending(AttendanceOf(conference, {"MEX", "NOR"}), first));
  const auto attended = [&](std::uint64_t tree_size) {
    return AttendanceAt(ledger.state(), conference, tree_size);
  };
  EXPECT_EQ(attended(kNewest)->index, second);
  EXPECT_THAT(attended(kNewest)->attended, ElementsAre(Code("MEX"), Code("NOR")));
  EXPECT_THAT(attended(second.value())->attended, ElementsAre(Code("NOR")));
  EXPECT_FALSE(attended(first.value()));
  ledger.MustFile("FRA", WithdrawalOf(second));
  EXPECT_FALSE(attended(kNewest));
  const EntryIndex third = ledger.MustFile("FRA", AttendanceOf(conference, {"MEX"}));
  EXPECT_EQ(attended(kNewest)->index, third);
  EXPECT_EQ(attended(third.value() - 1)->index, second);
}

TEST(Conference, AttendanceNamesAnyOfItsAmendments) {
  TestLedger ledger;
  const EntryIndex first = ledger.MustFile("FRA", ConferenceWith({"NOR"}));
  const EntryIndex second = ledger.MustFile("FRA", Amending(ConferenceWith({"MEX"}), first));
  ledger.SetTime("2026-03-02");
  EXPECT_EQ(ledger.Reason("FRA", AttendanceOf(first, {"NOR"})), "ATTENDED_UNINVITED");
  const EntryIndex attendance = ledger.MustFile("FRA", AttendanceOf(first, {"MEX"}));
  EXPECT_EQ(ledger.Reason("FRA", AttendanceOf(second, {"MEX"})), "ALREADY_RECORDED");
  EXPECT_EQ(ledger.Reason("FRA", Amending(AttendanceOf(second, {"MEX"}), attendance)), "");
}

}  // namespace
}  // namespace assent::rules
