// Commands that use an authority key in a token.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/tree.h"
#include "ledger/act/founding_act.h"
#include "tests/support/test_ledger.h"
#include "tests/unit/client/fake_token.h"
#include "tests/unit/client/program.h"
#include "tests/unit/client/temp_folder.h"

namespace assent::client {
namespace {

using assent::testing::TestLedger;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kUri[] = "pkcs11:token=Fake;object=authority?module-path=" ASSENT_FAKE_TOKEN;

class TokenTest : public ::testing::Test {
 protected:
  TokenTest() { folder_.Write("act.txt", FormatAct(ledger_.act)); }

  const std::vector<std::string> prove_ = {"key",     "prove",  kUri, "--act",
                                           "act.txt", "--code", "AAA"};
  const TestLedger ledger_{1};
  const TempFolder folder_;
};

TEST_F(TokenTest, ThePinIsAskedOnTheTerminalAndNotShown) {
  const auto result = RunAssentAtTerminal(folder_.Path(""), prove_, {kFakePin});
  ASSERT_EQ(result.exit_code, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("PIN of token \"Fake\" (serial 0): "));
  EXPECT_THAT(result.out, HasSubstr("possession = "));
  EXPECT_THAT(result.out, Not(HasSubstr(kFakePin)));
}

TEST_F(TokenTest, WithoutATerminalThePinComesFromAFile) {
  const auto result = RunAssent(folder_.Path(""), prove_);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("--passphrase-file"));
}

TEST_F(TokenTest, ItIsTheSameKeyInEveryCommand) {
  folder_.Write("pin", kFakePin);
  std::vector<std::string> prove = prove_;
  prove.insert(prove.end(), {"--passphrase-file", "pin", "--json"});
  const auto proof = RunAssent(folder_.Path(""), prove);
  ASSERT_EQ(proof.exit_code, 0) << proof.err;
  const auto shown = RunAssent(folder_.Path(""), {"key", "show", kUri, "-o", "a.pub", "--json"});
  ASSERT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_EQ(*ParseJson(proof.out, "out")->Find("new_key")->As<std::string>(),
            *ParseJson(shown.out, "out")->Find("public_key")->As<std::string>());
  EXPECT_THAT(folder_.Read("a.pub"), HasSubstr("purpose: authority"));
}

TEST_F(TokenTest, ANewKeyOfThatNameIsNotMade) {
  folder_.Write("pin", kFakePin);
  const auto made = RunAssent(folder_.Path(""), {"keygen", "authority", "--token", kUri, "-o", "a",
                                                 "--passphrase-file", "pin"});
  EXPECT_EQ(made.exit_code, 1);
  EXPECT_THAT(made.err, HasSubstr("no key was made"));
  EXPECT_FALSE(std::filesystem::exists(folder_.Path("a.pub")));
}

}  // namespace
}  // namespace assent::client
