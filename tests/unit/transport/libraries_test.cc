#include "transport/libraries.h"

#include <openssl/crypto.h>

#include <cstdlib>

#include "gtest/gtest.h"

namespace assent::transport {
namespace {

// Registered before OpenSSL is first used, so exit() runs it after what OpenSSL registers. An
// OpenSSL that has been taken apart refuses to begin again.
void LookAtOpenSsl() { std::_Exit(OPENSSL_init_crypto(0, nullptr) == 1 ? 0 : 3); }

void UseAndExit() {
  OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CRYPTO_STRINGS, nullptr);
  std::exit(0);
}

TEST(LibrariesDeathTest, OpenSslOutlivesExit) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        std::atexit(LookAtOpenSsl);
        UseAndExit();
      },
      testing::ExitedWithCode(3), "")
      << "OpenSSL has become careful by itself";
  EXPECT_EXIT(
      {
        std::atexit(LookAtOpenSsl);
        SetUpLibraries();
        UseAndExit();
      },
      testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace assent::transport
