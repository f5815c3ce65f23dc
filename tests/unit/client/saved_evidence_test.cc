#include "client/saved_evidence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "client/parallel.h"
#include "tests/support/test_ledger.h"
#include "tests/unit/client/temp_folder.h"

namespace assent::client {
namespace {

using ::testing::HasSubstr;

v1::AskResponse Evidence(std::string_view voter) {
  v1::AskResponse evidence;
  evidence.set_as_of(7);
  evidence.add_rows()->mutable_evidence()->set_voter(std::string(voter));
  return evidence;
}

TEST(SavedEvidenceTest, IsReadAsItWasWritten) {
  const TempFolder folder;
  ASSERT_TRUE(SaveEvidence(folder.Path(""), Evidence("BBB")).ok());
  const auto read = LoadEvidence(folder.Path(""));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->SerializeAsString(), Evidence("BBB").SerializeAsString());
}

TEST(SavedEvidenceTest, RowsOfAnotherQuestionAreRefused) {
  const TempFolder folder;
  v1::AskResponse other = Evidence("BBB");
  other.add_rows()->mutable_due();
  ASSERT_TRUE(SaveEvidence(folder.Path(""), other).ok());
  EXPECT_THAT(std::string(LoadEvidence(folder.Path("")).status().message()), HasSubstr("damaged"));
}

TEST(SavedEvidenceTest, ANodeThatHasNoEndIsLeft) {
  const testing::TestLedger ledger(4);
  const Auditor auditor(ledger.act, OnThreads(1));
  std::uint64_t rows = 0;
  const AskPage ask = [&rows](const v1::AskRequest& request) {
    v1::AskResponse page;
    for (std::int32_t i = 0; i < request.page_size(); ++i) {
      page.add_rows()->mutable_evidence()->set_voter("BBB");  // without a key
    }
    rows += static_cast<std::uint64_t>(page.rows_size());
    page.set_next_page_token(std::to_string(rows));
    return page;
  };
  const auto fetched = FetchEvidence(ask, auditor, ledger.act);
  ASSERT_TRUE(fetched.ok()) << fetched.status();
  EXPECT_TRUE(fetched->more);
  EXPECT_EQ(rows, kEvidenceRowsMax);
  EXPECT_EQ(fetched->refused, kEvidenceRowsMax);
  EXPECT_THAT(std::string(fetched->fault.message()), HasSubstr("it has no key of the voter"));
  EXPECT_EQ(fetched->good.rows_size(), 0);
}

}  // namespace
}  // namespace assent::client
