#include "tests/unit/client/fake_token.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace {

using assent::client::FakeToken;
using assent::client::kFakeObject;
using assent::client::kFakePin;

constexpr CK_OBJECT_HANDLE kPrivate = 1;
constexpr CK_OBJECT_HANDLE kPublic = 2;
constexpr int kFewTries = 3;

FakeToken token;
bool searching = false;
CK_OBJECT_CLASS wanted_class = 0;
bool wanted_label = true;

struct KeyPair {
  std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> public_key;
  std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret_key;
  KeyPair() {
    const std::array<unsigned char, crypto_sign_SEEDBYTES> seed{7};
    if (crypto_sign_seed_keypair(public_key.data(), secret_key.data(), seed.data()) != 0) {
      std::abort();
    }
  }
};
const KeyPair& Key() {
  static const KeyPair key;
  return key;
}

bool Removed() { return token.signs_before_removal == 0; }

template <std::size_t kSize>
void Pad(unsigned char (&field)[kSize], std::string_view text) {
  std::fill(std::begin(field), std::end(field), ' ');
  std::copy(text.begin(), text.end(), field);
}

CK_RV Initialize(void*) {
  if (token.initialize == CKR_OK) token.initialized = true;
  return token.initialize;
}
CK_RV Finalize(void*) {
  token.initialized = false;
  return CKR_OK;
}
CK_RV GetInfo(CK_INFO* info) {
  *info = {};
  info->cryptokiVersion = {2, 40};
  Pad(info->manufacturerID, "test");
  Pad(info->libraryDescription, "fake");
  return CKR_OK;
}
CK_RV GetSlotList(CK_BBOOL, CK_SLOT_ID* slots, CK_ULONG* count) {
  const CK_ULONG have = token.tokens;
  if (slots != nullptr) {
    if (*count < have) return CKR_BUFFER_TOO_SMALL;
    for (CK_ULONG i = 0; i < have; ++i) slots[i] = i;
  }
  *count = have;
  return CKR_OK;
}
CK_RV GetSlotInfo(CK_SLOT_ID, CK_SLOT_INFO* info) {
  *info = {};
  Pad(info->slotDescription, "slot");
  Pad(info->manufacturerID, "test");
  info->flags = CKF_TOKEN_PRESENT;
  return CKR_OK;
}
CK_RV GetTokenInfo(CK_SLOT_ID slot, CK_TOKEN_INFO* info) {
  if (Removed()) return CKR_TOKEN_NOT_PRESENT;
  *info = {};
  Pad(info->label, "Fake");
  Pad(info->manufacturerID, "test");
  Pad(info->model, "test");
  Pad(info->serialNumber, std::to_string(slot));
  info->flags = CKF_TOKEN_INITIALIZED | CKF_LOGIN_REQUIRED;
  if (token.has_pin) info->flags |= CKF_USER_PIN_INITIALIZED;
  if (token.pin_typed_on_it) info->flags |= CKF_PROTECTED_AUTHENTICATION_PATH;
  if (token.tries_left < kFewTries) info->flags |= CKF_USER_PIN_COUNT_LOW;
  if (token.tries_left == 1) info->flags |= CKF_USER_PIN_FINAL_TRY;
  if (token.tries_left == 0) info->flags |= CKF_USER_PIN_LOCKED;
  return CKR_OK;
}
CK_RV OpenSession(CK_SLOT_ID, CK_FLAGS flags, void*, CK_NOTIFY, CK_SESSION_HANDLE* session) {
  if (token.write_protected && (flags & CKF_RW_SESSION) != 0) return CKR_TOKEN_WRITE_PROTECTED;
  ++token.sessions;
  *session = 5;
  return CKR_OK;
}
CK_RV CloseSession(CK_SESSION_HANDLE) {
  --token.sessions;
  token.logged_in = false;
  return CKR_OK;
}
CK_RV GetSessionInfo(CK_SESSION_HANDLE, CK_SESSION_INFO* info) {
  *info = {};
  info->state = token.logged_in ? CKS_RO_USER_FUNCTIONS : CKS_RO_PUBLIC_SESSION;
  return CKR_OK;
}
CK_RV Login(CK_SESSION_HANDLE, CK_USER_TYPE, unsigned char* pin, CK_ULONG size) {
  ++token.logins;
  if (token.tries_left == 0) return CKR_PIN_LOCKED;
  if ((pin == nullptr) != token.pin_typed_on_it) return CKR_ARGUMENTS_BAD;
  if (pin != nullptr && std::string_view(reinterpret_cast<char*>(pin), size) != kFakePin) {
    --token.tries_left;
    return CKR_PIN_INCORRECT;
  }
  token.tries_left = kFewTries;
  token.logged_in = true;
  return CKR_OK;
}
CK_RV FindObjectsInit(CK_SESSION_HANDLE, CK_ATTRIBUTE* wanted, CK_ULONG count) {
  wanted_label = true;
  for (CK_ULONG i = 0; i < count; ++i) {
    if (wanted[i].type == CKA_CLASS) {
      std::memcpy(&wanted_class, wanted[i].pValue, sizeof wanted_class);
    }
    if (wanted[i].type == CKA_LABEL) {
      const std::string_view label(static_cast<char*>(wanted[i].pValue), wanted[i].ulValueLen);
      wanted_label = label == kFakeObject;
    }
  }
  searching = true;
  return CKR_OK;
}
CK_RV FindObjects(CK_SESSION_HANDLE, CK_OBJECT_HANDLE* found, CK_ULONG room, CK_ULONG* count) {
  if (!searching) return CKR_OPERATION_NOT_INITIALIZED;
  const bool is_private = wanted_class == CKO_PRIVATE_KEY;
  const bool hidden = (is_private || token.hides_public_half) && !token.logged_in;
  *count = !wanted_label || hidden ? 0 : std::min(room, token.keys);
  std::fill(found, found + *count, is_private ? kPrivate : kPublic);
  return CKR_OK;
}
CK_RV FindObjectsFinal(CK_SESSION_HANDLE) {
  searching = false;
  return CKR_OK;
}

CK_RV Give(CK_ATTRIBUTE* attribute, std::string_view value) {
  if (attribute->ulValueLen < value.size()) return CKR_BUFFER_TOO_SMALL;
  std::copy(value.begin(), value.end(), static_cast<char*>(attribute->pValue));
  attribute->ulValueLen = value.size();
  return CKR_OK;
}
template <class T>
CK_RV GiveNumber(CK_ATTRIBUTE* attribute, T value) {
  return Give(attribute, {reinterpret_cast<const char*>(&value), sizeof value});
}
CK_RV GetAttributeValue(CK_SESSION_HANDLE, CK_OBJECT_HANDLE object, CK_ATTRIBUTE* attribute,
                        CK_ULONG) {
  if (attribute->type == CKA_KEY_TYPE) return GiveNumber(attribute, token.key_type);
  if (attribute->type == CKA_ALWAYS_AUTHENTICATE) {
    return GiveNumber(attribute, static_cast<CK_BBOOL>(token.wants_pin_each_time));
  }
  if (attribute->type == CKA_EC_POINT && object == kPublic) {
    const auto& key = Key().public_key;
    return Give(attribute, token.point_prefix +
                               std::string(reinterpret_cast<const char*>(key.data()), key.size()));
  }
  return CKR_ATTRIBUTE_TYPE_INVALID;
}

CK_RV SignInit(CK_SESSION_HANDLE, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key) {
  if (Removed()) return CKR_DEVICE_REMOVED;
  if (!token.knows_ed25519) return CKR_MECHANISM_INVALID;
  if (mechanism->mechanism != CKM_EDDSA || mechanism->pParameter != nullptr || key != kPrivate) {
    return CKR_ARGUMENTS_BAD;
  }
  if (!token.logged_in) return CKR_USER_NOT_LOGGED_IN;
  // The login before this does not count for the signature.
  if (token.wants_pin_each_time) token.logged_in = false;
  return CKR_OK;
}
CK_RV Sign(CK_SESSION_HANDLE, unsigned char* data, CK_ULONG size, unsigned char* signature,
           CK_ULONG* room) {
  if (!token.logged_in) return CKR_USER_NOT_LOGGED_IN;
  if (*room < crypto_sign_BYTES) return CKR_BUFFER_TOO_SMALL;
  if (crypto_sign_detached(signature, nullptr, data, size, Key().secret_key.data()) != 0) {
    return CKR_FUNCTION_FAILED;
  }
  if (token.signs_badly) signature[0] ^= 1;
  *room = crypto_sign_BYTES;
  if (token.signs_before_removal > 0) --token.signs_before_removal;
  return CKR_OK;
}

std::map<CK_ATTRIBUTE_TYPE, std::string> Copied(const CK_ATTRIBUTE* attributes, CK_ULONG count) {
  std::map<CK_ATTRIBUTE_TYPE, std::string> copy;
  for (CK_ULONG i = 0; i < count; ++i) {
    copy[attributes[i].type] = {static_cast<const char*>(attributes[i].pValue),
                                attributes[i].ulValueLen};
  }
  return copy;
}
CK_RV GenerateKeyPair(CK_SESSION_HANDLE, CK_MECHANISM* mechanism, CK_ATTRIBUTE* public_half,
                      CK_ULONG public_count, CK_ATTRIBUTE* private_half, CK_ULONG private_count,
                      CK_OBJECT_HANDLE* public_key, CK_OBJECT_HANDLE* private_key) {
  if (!token.knows_ed25519 || mechanism->mechanism != CKM_EC_EDWARDS_KEY_PAIR_GEN) {
    return CKR_MECHANISM_INVALID;
  }
  if (!token.logged_in) return CKR_USER_NOT_LOGGED_IN;
  token.made_public = Copied(public_half, public_count);
  token.made_private = Copied(private_half, private_count);
  token.keys = 1;
  *public_key = kPublic;
  *private_key = kPrivate;
  return CKR_OK;
}

CK_FUNCTION_LIST Functions() {
  CK_FUNCTION_LIST list{};
  list.version = {2, 40};
  list.C_Initialize = Initialize;
  list.C_Finalize = Finalize;
  list.C_GetInfo = GetInfo;
  list.C_GetSlotList = GetSlotList;
  list.C_GetSlotInfo = GetSlotInfo;
  list.C_GetTokenInfo = GetTokenInfo;
  list.C_OpenSession = OpenSession;
  list.C_CloseSession = CloseSession;
  list.C_GetSessionInfo = GetSessionInfo;
  list.C_Login = Login;
  list.C_FindObjectsInit = FindObjectsInit;
  list.C_FindObjects = FindObjects;
  list.C_FindObjectsFinal = FindObjectsFinal;
  list.C_GetAttributeValue = GetAttributeValue;
  list.C_SignInit = SignInit;
  list.C_Sign = Sign;
  list.C_GenerateKeyPair = GenerateKeyPair;
  return list;
}

}  // namespace

extern "C" {

FakeToken* TheFakeToken() { return &token; }

CK_RV C_GetFunctionList(CK_FUNCTION_LIST** list) {
  static CK_FUNCTION_LIST functions = Functions();
  *list = &functions;
  return CKR_OK;
}

}  // extern "C"
