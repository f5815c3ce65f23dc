// A PKCS#11 library with one token that fails as a test wants it to. The program loads it as it
// loads any other; a test that loads it as well shares its state.
#ifndef ASSENT_TESTS_UNIT_CLIENT_FAKE_TOKEN_H_
#define ASSENT_TESTS_UNIT_CLIENT_FAKE_TOKEN_H_

#include <p11-kit/pkcs11.h>

#include <map>
#include <string>

namespace assent::client {

inline constexpr char kFakePin[] = "123 456";
inline constexpr char kFakeObject[] = "authority";

struct FakeToken {
  // What it is like.
  CK_RV initialize = CKR_OK;
  CK_ULONG tokens = 1;  // of the same label
  bool has_pin = true;
  bool pin_typed_on_it = false;
  int tries_left = 3;
  bool write_protected = false;
  bool knows_ed25519 = true;
  // The key in it.
  CK_ULONG keys = 1;  // of the same label and id
  CK_KEY_TYPE key_type = CKK_EC_EDWARDS;
  std::string point_prefix = std::string("\x04\x20", 2);
  bool hides_public_half = false;
  bool wants_pin_each_time = false;
  bool signs_badly = false;
  int signs_before_removal = -1;  // never removed when negative

  // What was done to it.
  int logins = 0;
  int sessions = 0;
  bool initialized = false;
  bool logged_in = false;
  std::map<CK_ATTRIBUTE_TYPE, std::string> made_private;  // the template of a new key
  std::map<CK_ATTRIBUTE_TYPE, std::string> made_public;
};

// The one symbol besides C_GetFunctionList: FakeToken* TheFakeToken().
inline constexpr char kFakeTokenSymbol[] = "TheFakeToken";

}  // namespace assent::client

#endif  // ASSENT_TESTS_UNIT_CLIENT_FAKE_TOKEN_H_
