// verify, which needs nothing but the founding act.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/records.h"
#include "ledger/receipt/receipt_file.h"
#include "tests/support/test_ledger.h"
#include "tests/unit/client/program.h"
#include "tests/unit/client/temp_folder.h"
#include "tests/unit/ledger/receipt/small_ledger.h"

namespace assent::client {
namespace {

using ::testing::HasSubstr;

class VerifyTest : public ::testing::Test {
 protected:
  // Verifies the receipt of an entry with this body.
  ProgramResult Verify(const std::string& body) {
    SmallLedger ledger;
    const Entry entry = ledger.Sign(2, body);
    ledger.AddBlock({entry});
    v1::Receipt receipt = ledger.Receipt(entry, 0);
    receipt.set_certificate(ledger.Certify({0, 1, 3}));
    folder_.Write("act.txt", FormatAct(ledger.act()));
    folder_.Write("some.receipt", FormatReceiptFile(receipt));
    return RunAssent(folder_.Path(""), {"verify", "some.receipt", "--act", "act.txt"});
  }

  const TempFolder folder_;
};

TEST_F(VerifyTest, TheTextThatWasSignedIsShown) {
  const auto result = Verify(testing::NotificationBody("R-1").SerializeAsString());
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("the text shown is the one that AAC signed"));
  EXPECT_THAT(result.out, HasSubstr("reference = \"R-1\""));
}

TEST_F(VerifyTest, ATextThatCannotBeShownIsAFailure) {
  const auto result = Verify("no record");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, HasSubstr("some.receipt: the proof is good, but this version cannot read "
                                    "the text that was signed: "));
}

}  // namespace
}  // namespace assent::client
