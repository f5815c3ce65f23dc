// Keys in tokens, against a PKCS#11 library that fails on demand. tests/functional/test_tokens.py
// has the same with SoftHSM, which never fails.
#include "client/token_key.h"

#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/crypto/keys.h"
#include "tests/unit/client/fake_token.h"
#include "tests/unit/client/temp_folder.h"

namespace assent::client {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kTag[] = "assent/test/v1";

// The token's state, in the library that stays loaded from here on.
FakeToken& TheToken() {
  void* library = ::dlopen(ASSENT_FAKE_TOKEN, RTLD_NOW);
  const auto get = reinterpret_cast<FakeToken* (*)()>(::dlsym(library, kFakeTokenSymbol));
  return *get();
}

class TokenKeyTest : public ::testing::Test {
 protected:
  TokenKeyTest() { token_ = FakeToken(); }
  ~TokenKeyTest() override {
    EXPECT_EQ(token_.sessions, 0) << "a session was left open";
    EXPECT_FALSE(token_.initialized) << "the library was not finalised";
  }

  std::string Uri(const std::string& attributes = "token=Fake;object=authority") const {
    return "pkcs11:" + attributes + "?module-path=" ASSENT_FAKE_TOKEN;
  }
  absl::StatusOr<std::unique_ptr<Signer>> Open() { return OpenTokenKey(Uri(), pin_); }
  // What opening says, which must fail.
  std::string Fault(absl::StatusCode code) {
    const auto opened = Open();
    EXPECT_EQ(opened.status().code(), code) << opened.status();
    EXPECT_THAT(std::string(opened.status().message()), Not(HasSubstr(kFakePin)));
    return std::string(opened.status().message());
  }

  FakeToken& token_ = TheToken();
  const TempFolder folder_;
  std::string pin_ = folder_.Write("pin", std::string(kFakePin) + "\n");
  std::string wrong_pin_ = folder_.Write("wrong", "000000\n");
};

TEST_F(TokenKeyTest, SignsByItsPin) {
  const auto signer = Open();
  ASSERT_TRUE(signer.ok()) << signer.status();
  const auto signature = (*signer)->Sign(kTag, "a statement");
  ASSERT_TRUE(signature.ok()) << signature.status();
  EXPECT_TRUE(Verify((*signer)->public_key(), kTag, "a statement", *signature));
  EXPECT_EQ(token_.logins, 1);
}

TEST_F(TokenKeyTest, ThePinSourceOfTheUriGoesBefore) {
  const auto signer = OpenTokenKey(Uri() + "&pin-source=" + pin_, wrong_pin_);
  EXPECT_TRUE(signer.ok()) << signer.status();
}

TEST_F(TokenKeyTest, APinFileThatOthersMayReadIsRefused) {
  folder_.Write("pin", kFakePin, std::filesystem::perms(0644));
  EXPECT_THAT(Fault(absl::StatusCode::kPermissionDenied), HasSubstr("chmod 600"));
  EXPECT_EQ(token_.logins, 0);
}

TEST_F(TokenKeyTest, ThePublicHalfNeedsNoPin) {
  const auto key = TokenPublicKey(Uri(), "");
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(*key, (*Open())->public_key());
}

TEST_F(TokenKeyTest, AHiddenPublicHalfNeedsThePin) {
  token_.hides_public_half = true;
  EXPECT_FALSE(TokenPublicKey(Uri(), wrong_pin_).ok());
  EXPECT_TRUE(TokenPublicKey(Uri(), pin_).ok());
}

TEST_F(TokenKeyTest, PointsAreReadInEachFormThatTokensWrite) {
  const PublicKey key = TokenPublicKey(Uri(), "").value();
  for (const std::string& prefix : {std::string(), std::string("\x03\x21\x00", 3)}) {
    token_.point_prefix = prefix;
    EXPECT_EQ(TokenPublicKey(Uri(), "").value(), key);
  }
  for (const std::string& prefix : {std::string("\x04\x21", 2), std::string(25, 'x')}) {
    token_.point_prefix = prefix;
    EXPECT_THAT(Fault(absl::StatusCode::kFailedPrecondition), HasSubstr("another curve"));
  }
}

TEST_F(TokenKeyTest, AWrongPinSaysHowManyTriesAreLeft) {
  pin_ = wrong_pin_;
  EXPECT_THAT(Fault(absl::StatusCode::kPermissionDenied),
              AllOf(HasSubstr("wrong PIN"), HasSubstr("few tries are left")));
  EXPECT_THAT(Fault(absl::StatusCode::kPermissionDenied), HasSubstr("one try is left"));
}

TEST_F(TokenKeyTest, TheLastTryIsNotSpentOnAFile) {
  token_.tries_left = 1;
  EXPECT_THAT(Fault(absl::StatusCode::kPermissionDenied), HasSubstr("type the PIN"));
  EXPECT_EQ(token_.logins, 0);
}

TEST_F(TokenKeyTest, ALockedTokenIsNotTried) {
  token_.tries_left = 0;
  EXPECT_THAT(Fault(absl::StatusCode::kPermissionDenied), HasSubstr("is locked"));
  EXPECT_EQ(token_.logins, 0);
}

TEST_F(TokenKeyTest, ATokenWithoutAPinIsNotTried) {
  token_.has_pin = false;
  EXPECT_THAT(Fault(absl::StatusCode::kFailedPrecondition), HasSubstr("has no PIN yet"));
  EXPECT_EQ(token_.logins, 0);
}

TEST_F(TokenKeyTest, APinMayBeTypedOnTheTokenItself) {
  token_.pin_typed_on_it = true;
  pin_ = "";  // nor is there a terminal to ask on
  EXPECT_TRUE((*Open())->Sign(kTag, "").ok());
}

TEST_F(TokenKeyTest, AKeyMayWantThePinForEachSignature) {
  token_.wants_pin_each_time = true;
  const auto signer = Open();
  ASSERT_TRUE(signer.ok()) << signer.status();
  EXPECT_TRUE((*signer)->Sign(kTag, "1").ok());
  EXPECT_TRUE((*signer)->Sign(kTag, "2").ok());
  EXPECT_EQ(token_.logins, 3);
}

TEST_F(TokenKeyTest, ATokenThatIsRemovedMidwaySaysSo) {
  token_.signs_before_removal = 1;
  const auto signer = Open();
  ASSERT_TRUE(signer.ok()) << signer.status();
  EXPECT_TRUE((*signer)->Sign(kTag, "1").ok());
  const auto second = (*signer)->Sign(kTag, "2").status();
  EXPECT_EQ(second.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(second.message()), HasSubstr("was removed while signing"));
}

TEST_F(TokenKeyTest, ASignatureThatIsNotGoodIsNotUsed) {
  token_.signs_badly = true;
  const auto signed_badly = (*Open())->Sign(kTag, "1").status();
  EXPECT_EQ(signed_badly.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(signed_badly.message()), HasSubstr("it was not used"));
}

TEST_F(TokenKeyTest, KeysOfOtherTypesAreRefused) {
  token_.key_type = CKK_RSA;
  EXPECT_THAT(Fault(absl::StatusCode::kFailedPrecondition), HasSubstr("an RSA key"));
  token_.key_type = CKK_EC;
  EXPECT_THAT(Fault(absl::StatusCode::kFailedPrecondition), HasSubstr("NIST"));
  token_.key_type = CKK_AES;
  EXPECT_THAT(Fault(absl::StatusCode::kFailedPrecondition), HasSubstr("type 0x1f"));
}

TEST_F(TokenKeyTest, ATokenThatKnowsNoEd25519SaysSo) {
  token_.knows_ed25519 = false;
  EXPECT_THAT(std::string((*Open())->Sign(kTag, "1").status().message()),
              HasSubstr("knows no Ed25519"));
}

TEST_F(TokenKeyTest, OneKeyMustMatch) {
  token_.keys = 0;
  EXPECT_THAT(Fault(absl::StatusCode::kNotFound), HasSubstr("there is no private key"));
  token_.keys = 2;
  EXPECT_THAT(Fault(absl::StatusCode::kFailedPrecondition), HasSubstr("several such keys"));
  token_.keys = 1;
  EXPECT_EQ(OpenTokenKey(Uri("object=other"), pin_).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(TokenKeyTest, OneTokenMustMatch) {
  const auto other = OpenTokenKey(Uri("token=Other;object=authority"), pin_).status();
  EXPECT_THAT(std::string(other.message()),
              AllOf(HasSubstr("no token matches"), HasSubstr("\"Fake\" (serial 0)")));
  token_.tokens = 2;
  EXPECT_THAT(Fault(absl::StatusCode::kFailedPrecondition), HasSubstr("two tokens match"));
  EXPECT_TRUE(OpenTokenKey(Uri("serial=1;object=authority"), pin_).ok());
  EXPECT_TRUE(OpenTokenKey(Uri("slot-id=1;object=authority"), pin_).ok());
  token_.tokens = 0;
  EXPECT_THAT(Fault(absl::StatusCode::kNotFound), HasSubstr("no token is plugged in"));
}

TEST_F(TokenKeyTest, ALibraryThatCannotBeUsedIsNamed) {
  token_.initialize = CKR_DEVICE_ERROR;
  EXPECT_THAT(Fault(absl::StatusCode::kUnavailable), HasSubstr(ASSENT_FAKE_TOKEN));
  for (const std::string& path : {std::string("/no/such.so"), folder_.Write("text.so", "text")}) {
    const auto status = OpenTokenKey("pkcs11:object=a?module-path=" + path, pin_).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
    EXPECT_THAT(std::string(status.message()), HasSubstr(path));
  }
}

TEST_F(TokenKeyTest, ANewKeyNeverLeavesItsToken) {
  token_.keys = 0;
  const auto key = MakeTokenKey(Uri(), pin_);
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(*key, (*Open())->public_key());
  const std::string yes(1, CK_TRUE);
  const std::string no(1, CK_FALSE);
  EXPECT_EQ(token_.made_private.at(CKA_SENSITIVE), yes);
  EXPECT_EQ(token_.made_private.at(CKA_EXTRACTABLE), no);
  EXPECT_EQ(token_.made_private.at(CKA_PRIVATE), yes);
  EXPECT_EQ(token_.made_private.at(CKA_TOKEN), yes);
  EXPECT_EQ(token_.made_public.at(CKA_PRIVATE), no);
  EXPECT_EQ(token_.made_public.at(CKA_LABEL), kFakeObject);
  EXPECT_EQ(token_.made_private.at(CKA_ID), token_.made_public.at(CKA_ID));
}

TEST_F(TokenKeyTest, ANewKeyTakesNobodysPlace) {
  EXPECT_EQ(MakeTokenKey(Uri(), pin_).status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_TRUE(token_.made_private.empty());
}

TEST_F(TokenKeyTest, AKeyThatCannotBeMadeSaysWhy) {
  token_.keys = 0;
  EXPECT_EQ(MakeTokenKey(Uri("id=%01"), pin_).status().code(), absl::StatusCode::kInvalidArgument);
  token_.knows_ed25519 = false;
  EXPECT_THAT(std::string(MakeTokenKey(Uri(), pin_).status().message()),
              HasSubstr("knows no Ed25519"));
  token_.write_protected = true;
  EXPECT_THAT(std::string(MakeTokenKey(Uri(), pin_).status().message()),
              HasSubstr("write-protected"));
}

}  // namespace
}  // namespace assent::client
