#include "client/token_uri.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace assent::client {
namespace {

using ::testing::HasSubstr;

std::string Fault(const std::string& uri) {
  return std::string(TokenUri::Parse(uri).status().message());
}

TEST(TokenUriTest, IsTellsUrisFromPaths) {
  EXPECT_TRUE(TokenUri::Is("pkcs11:object=a"));
  EXPECT_TRUE(TokenUri::Is("PKCS11:object=a"));
  EXPECT_FALSE(TokenUri::Is("fra-authority.key"));
  EXPECT_FALSE(TokenUri::Is("./pkcs11:object=a"));
  EXPECT_FALSE(TokenUri::Is("pkcs11"));
}

TEST(TokenUriTest, SaysWhichLibraryAndWhereThePinIs) {
  const auto whole = TokenUri::Parse(
      "pkcs11:token=F%20A;object=a;type=private?module-path=/lib/p.so&pin-source=file:/a/pin");
  ASSERT_TRUE(whole.ok()) << whole.status();
  EXPECT_EQ(whole->module_path(), "/lib/p.so");
  EXPECT_EQ(whole->pin_file(), "/a/pin");
  EXPECT_EQ(TokenUri::Parse("pkcs11:object=a?pin-source=/a/pin")->pin_file(), "/a/pin");
  EXPECT_EQ(TokenUri::Parse("pkcs11:object=a?pin-source=file:///a/pin")->pin_file(), "/a/pin");
  const auto least = TokenUri::Parse("pkcs11:id=%01");
  ASSERT_TRUE(least.ok()) << least.status();
  EXPECT_EQ(least->module_path(), "");
  EXPECT_EQ(least->pin_file(), "");
}

TEST(TokenUriTest, APinInItIsRefusedAndNotRepeated) {
  const std::string fault = Fault("pkcs11:token=a;object=b?pin-value=86420");
  EXPECT_THAT(fault, HasSubstr("holds a PIN"));
  EXPECT_EQ(fault.find("86420"), std::string::npos);
}

TEST(TokenUriTest, WhatNamesNoKeyIsRefused) {
  EXPECT_THAT(Fault("pkcs11:token=a"), HasSubstr("names no key"));
  EXPECT_THAT(Fault("pkcs11:token=a;object=b;type=cert"), HasSubstr("neither private nor public"));
}

// The library that parses it would take each for something else.
TEST(TokenUriTest, WhiteSpaceAndControlCharactersAreRefused) {
  using namespace std::string_literals;  // NOLINT: zero bytes
  for (const std::string& uri : {"pkcs11:object=a b"s, "pkc s11:object=a"s, "pkcs11:object=a\n"s,
                                 "pkcs11:object=a\0;object=b"s, "pkcs11:object=a\x7F"s}) {
    EXPECT_THAT(Fault(uri), HasSubstr("white space")) << uri;
  }
  EXPECT_TRUE(TokenUri::Parse("pkcs11:object=a%20b").ok());
}

TEST(TokenUriTest, WhatCannotBeKeptIsRefused) {
  EXPECT_THAT(Fault("pkcs11:object=%zz"), HasSubstr("cannot be read"));
  EXPECT_THAT(Fault("pkcs11:objekt=a;object=b"), HasSubstr("not known"));
  EXPECT_THAT(Fault("pkcs11:object=a?module-name=p"), HasSubstr("module-path"));
  EXPECT_THAT(Fault("pkcs11:object=a?pin-source=%7cprogram"), HasSubstr("no file"));
  EXPECT_THAT(Fault("pkcs11:object=a?pin-source=file:relative"), HasSubstr("no file"));
  EXPECT_THAT(Fault("pkcs11:object=" + std::string(kTokenUriBytesMax, 'a')),
              HasSubstr("more than"));
}

}  // namespace
}  // namespace assent::client
