#include "client/token_session.h"

#include <p11-kit/uri.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/key_store.h"
#include "client/secret_text.h"
#include "client/terminal.h"
#include "ledger/types.h"

namespace assent::client {
namespace {

// A field of PKCS#11 that is filled up with spaces.
template <std::size_t kSize>
std::string Padded(const unsigned char (&field)[kSize]) {
  const std::size_t size = p11_kit_space_strlen(field, kSize);
  return Printable({reinterpret_cast<const char*>(field), size});
}

std::string NameOf(const CK_TOKEN_INFO& info) {
  return absl::StrCat("\"", Padded(info.label), "\" (serial ", Padded(info.serialNumber), ")");
}

std::string Reason(CK_RV rv) {
  return absl::StrCat(p11_kit_strerror(rv), " (PKCS#11 0x", absl::Hex(rv), ")");
}

// A token that is plugged in and ready for keys.
struct FoundToken {
  CK_FUNCTION_LIST* module;
  CK_SLOT_ID slot;
  std::string name;
  bool wanted;  // the URI matches it
};

// The slots of a module in which a token is; none when it cannot say.
std::vector<CK_SLOT_ID> SlotsOf(CK_FUNCTION_LIST* module) {
  CK_ULONG count = 0;
  if (module->C_GetSlotList(CK_TRUE, nullptr, &count) != CKR_OK || count > kTokenSlotsMax) {
    return {};
  }
  std::vector<CK_SLOT_ID> slots(count);
  if (module->C_GetSlotList(CK_TRUE, slots.data(), &count) != CKR_OK) return {};
  slots.resize(std::min<std::size_t>(count, slots.size()));
  return slots;
}

// The tokens in a module's slots; `uri_matches` says whether the URI means this module at all.
void AddTokensOf(CK_FUNCTION_LIST* module, bool uri_matches, P11KitUri* uri,
                 std::vector<FoundToken>& tokens) {
  const CK_SLOT_ID wanted_slot = p11_kit_uri_get_slot_id(uri);
  for (const CK_SLOT_ID slot : SlotsOf(module)) {
    CK_SLOT_INFO slot_info{};
    CK_TOKEN_INFO info{};
    if (module->C_GetSlotInfo(slot, &slot_info) != CKR_OK) continue;
    if (module->C_GetTokenInfo(slot, &info) != CKR_OK) continue;
    if ((info.flags & CKF_TOKEN_INITIALIZED) == 0) continue;
    const bool wanted = uri_matches &&
                        (wanted_slot == static_cast<CK_SLOT_ID>(-1) || wanted_slot == slot) &&
                        p11_kit_uri_match_slot_info(uri, &slot_info) == 1 &&
                        p11_kit_uri_match_token_info(uri, &info) == 1;
    tokens.push_back({module, slot, NameOf(info), wanted});
  }
}

std::vector<FoundToken> TokensOf(const TokenModules& modules, P11KitUri* uri) {
  std::vector<FoundToken> tokens;
  for (CK_FUNCTION_LIST* module : modules.list()) {
    CK_INFO info{};
    if (module->C_GetInfo(&info) != CKR_OK) continue;
    AddTokensOf(module, p11_kit_uri_match_module_info(uri, &info) == 1, uri, tokens);
  }
  return tokens;
}

absl::StatusOr<FoundToken> TheOneWanted(const std::vector<FoundToken>& tokens) {
  const FoundToken* found = nullptr;
  std::string present;
  for (const FoundToken& token : tokens) {
    absl::StrAppend(&present, present.empty() ? "" : ", ", token.name);
    if (!token.wanted) continue;
    if (found != nullptr) {
      return absl::FailedPreconditionError(absl::StrCat("two tokens match the URI, ", found->name,
                                                        " and ", token.name,
                                                        ": name one by token and serial"));
    }
    found = &token;
  }
  if (found != nullptr) return *found;
  if (present.empty()) {
    return absl::NotFoundError(
        "no token is plugged in, or its PKCS#11 library is not known here: give it as module-path");
  }
  return absl::NotFoundError(
      absl::StrCat("no token matches the URI; there are ", present,
                   ": plug the right one in, or give its PKCS#11 library as module-path"));
}

}  // namespace

absl::StatusOr<TokenModules> TokenModules::Load(const std::string& path) {
  TokenModules modules;
  const auto failed = [&](std::string_view why) {
    return absl::UnavailableError(absl::StrCat(
        path.empty() ? std::string("the PKCS#11 libraries that p11-kit is configured with")
                     : absl::StrCat("the PKCS#11 library ", Printable(path)),
        " cannot be used: ", Printable(why)));
  };
  const auto last_message = [] {
    const char* message = p11_kit_message();
    return std::string(message == nullptr ? "no reason is given" : message);
  };
  if (path.empty()) {
    modules.configured_ = p11_kit_modules_load_and_initialize(0);
    if (modules.configured_ == nullptr) return failed(last_message());
    for (CK_FUNCTION_LIST** module = modules.configured_; *module != nullptr; ++module) {
      modules.list_.push_back(*module);
    }
    return modules;
  }
  CK_FUNCTION_LIST* module = p11_kit_module_load(path.c_str(), 0);
  if (module == nullptr) return failed(last_message());
  if (const CK_RV rv = p11_kit_module_initialize(module); rv != CKR_OK) {
    p11_kit_module_release(module);
    return failed(Reason(rv));
  }
  modules.list_.push_back(module);
  return modules;
}

TokenModules::TokenModules(TokenModules&& other) noexcept
    : list_(std::exchange(other.list_, {})),
      configured_(std::exchange(other.configured_, nullptr)) {}

TokenModules::~TokenModules() {
  if (configured_ != nullptr) {
    p11_kit_modules_finalize_and_release(configured_);
    return;
  }
  for (CK_FUNCTION_LIST* module : list_) {
    p11_kit_module_finalize(module);
    p11_kit_module_release(module);
  }
}

absl::StatusOr<std::unique_ptr<TokenSession>> TokenSession::Open(const TokenUri& uri,
                                                                 Access access) {
  auto modules = TokenModules::Load(uri.module_path());
  if (!modules.ok()) return modules.status();
  const auto token = TheOneWanted(TokensOf(*modules, uri.get()));
  if (!token.ok()) return token.status();
  std::unique_ptr<TokenSession> session(
      new TokenSession(*std::move(modules), token->module, token->slot, token->name));
  if (auto status = session->OpenOn(access); !status.ok()) return status;
  return session;
}

absl::Status TokenSession::OpenOn(Access access) {
  const CK_FLAGS flags = CKF_SERIAL_SESSION | (access == Access::kWrite ? CKF_RW_SESSION : 0);
  const CK_RV rv = module_->C_OpenSession(slot_, flags, nullptr, nullptr, &handle_);
  if (rv == CKR_OK) return absl::OkStatus();
  handle_ = CK_INVALID_HANDLE;
  return Fault(rv, "opening it");
}

TokenSession::~TokenSession() {
  // Whoever was logged in is logged out with the last session.
  if (handle_ != CK_INVALID_HANDLE) module_->C_CloseSession(handle_);
}

absl::StatusOr<CK_TOKEN_INFO> TokenSession::Info() const {
  CK_TOKEN_INFO info{};
  const CK_RV rv = module_->C_GetTokenInfo(slot_, &info);
  if (rv != CKR_OK) return Fault(rv, "asking how it is");
  return info;
}

bool TokenSession::IsLoggedIn() const {
  CK_SESSION_INFO info{};
  if (module_->C_GetSessionInfo(handle_, &info) != CKR_OK) return false;
  return info.state == CKS_RO_USER_FUNCTIONS || info.state == CKS_RW_USER_FUNCTIONS;
}

absl::Status TokenSession::LogIn(const std::string& pin_file) {
  const auto info = Info();
  if (!info.ok()) return info.status();
  if ((info->flags & CKF_LOGIN_REQUIRED) == 0 || IsLoggedIn()) return absl::OkStatus();
  return LogInAs(CKU_USER, pin_file);
}

absl::Status TokenSession::LogInForOneUse(const std::string& pin_file) {
  return LogInAs(CKU_CONTEXT_SPECIFIC, pin_file);
}

absl::Status TokenSession::LogInAs(CK_USER_TYPE user, const std::string& pin_file) {
  const auto info = Info();
  if (!info.ok()) return info.status();
  if ((info->flags & CKF_USER_PIN_LOCKED) != 0) return LogInFault(CKR_PIN_LOCKED);
  if ((info->flags & CKF_USER_PIN_INITIALIZED) == 0)
    return LogInFault(CKR_USER_PIN_NOT_INITIALIZED);
  if ((info->flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0) {
    return LogInFault(module_->C_Login(handle_, user, nullptr, 0));
  }
  const bool last_try = (info->flags & CKF_USER_PIN_FINAL_TRY) != 0;
  if (last_try && !pin_file.empty()) {
    return absl::PermissionDeniedError(absl::StrCat(
        "token ", name_, " has one try left before it locks itself: it is not spent on the PIN in ",
        pin_file, "; leave the file out and type the PIN"));
  }
  const char* warning = "";
  if (last_try) {
    warning = ", the last try before it locks itself";
  } else if ((info->flags & CKF_USER_PIN_COUNT_LOW) != 0) {
    warning = ", a wrong one was given before";
  }
  const auto pin = GetPassphrase(pin_file, absl::StrCat("PIN of token ", name_, warning, ": "));
  if (!pin.ok()) return pin.status();
  // The module only reads it.
  auto* bytes = reinterpret_cast<unsigned char*>(const_cast<char*>(pin->view().data()));
  return LogInFault(module_->C_Login(handle_, user, bytes, pin->view().size()));
}

// Ok when the login was.
absl::Status TokenSession::LogInFault(CK_RV rv) const {
  switch (rv) {
    case CKR_OK:
    case CKR_USER_ALREADY_LOGGED_IN:  // by another session of this process
      return absl::OkStatus();
    case CKR_PIN_LOCKED:
      return absl::PermissionDeniedError(
          absl::StrCat("token ", name_,
                       " is locked, after too many wrong PINs: who administers it "
                       "unlocks it with its security officer's PIN"));
    case CKR_USER_PIN_NOT_INITIALIZED:
      return absl::FailedPreconditionError(
          absl::StrCat("token ", name_, " has no PIN yet: set one with the tools of its maker"));
    case CKR_PIN_EXPIRED:
      return absl::PermissionDeniedError(absl::StrCat(
          "the PIN of token ", name_, " has expired: set another with the tools of its maker"));
    case CKR_PIN_INCORRECT:
    case CKR_PIN_INVALID:
    case CKR_PIN_LEN_RANGE:
      break;
    default:
      return Fault(rv, "logging in");
  }
  const auto info = Info();
  const CK_FLAGS flags = info.ok() ? info->flags : 0;
  if ((flags & CKF_USER_PIN_LOCKED) != 0) {
    return absl::PermissionDeniedError(absl::StrCat("wrong PIN for token ", name_,
                                                    ", and it has locked itself: who administers "
                                                    "it unlocks it"));
  }
  std::string_view left = "";
  if ((flags & CKF_USER_PIN_FINAL_TRY) != 0) {
    left = ": one try is left before it locks itself";
  } else if ((flags & CKF_USER_PIN_COUNT_LOW) != 0) {
    left = ": few tries are left before it locks itself";
  }
  return absl::PermissionDeniedError(absl::StrCat("wrong PIN for token ", name_, AbslView(left)));
}

absl::Status TokenSession::Fault(CK_RV rv, std::string_view doing) const {
  switch (rv) {
    case CKR_DEVICE_REMOVED:
    case CKR_TOKEN_NOT_PRESENT:
    case CKR_SESSION_HANDLE_INVALID:
    case CKR_SESSION_CLOSED:
      return absl::UnavailableError(absl::StrCat("token ", name_, " was removed while ",
                                                 AbslView(doing),
                                                 ": plug it in and run the same again"));
    case CKR_USER_NOT_LOGGED_IN:
      return absl::PermissionDeniedError(absl::StrCat("token ", name_, " wants a PIN for ",
                                                      AbslView(doing),
                                                      " and was not given "
                                                      "one"));
    case CKR_MECHANISM_INVALID:
    case CKR_CURVE_NOT_SUPPORTED:
      return absl::UnimplementedError(absl::StrCat("token ", name_, " knows no Ed25519 (",
                                                   p11_kit_strerror(rv),
                                                   "): ", "use one that does"));
    case CKR_TOKEN_WRITE_PROTECTED:
      return absl::FailedPreconditionError(
          absl::StrCat("token ", name_, " is write-protected: no key can be made in it"));
    case CKR_KEY_FUNCTION_NOT_PERMITTED:
      return absl::FailedPreconditionError(
          absl::StrCat("token ", name_, " does not let this key sign: make one that may"));
    default:
      return absl::UnavailableError(
          absl::StrCat("token ", name_, " failed at ", AbslView(doing), ": ", Reason(rv)));
  }
}

}  // namespace assent::client
