// The token that a URI names, found among all that are plugged in, with a session on it; and what
// PKCS#11 answers as statuses that say what to do. Only files of this name and token_key.cc know
// PKCS#11 (OASIS, version 3.0); modules are loaded by libp11-kit.
#ifndef ASSENT_CLIENT_TOKEN_SESSION_H_
#define ASSENT_CLIENT_TOKEN_SESSION_H_

#include <p11-kit/p11-kit.h>
#include <p11-kit/pkcs11.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/token_uri.h"

namespace assent::client {

// More slots than a module of ours will ever have.
inline constexpr CK_ULONG kTokenSlotsMax = 1024;

// Modules that are loaded and initialised; finalised at the end, which must come before the end of
// the process: modules share libraries with it that clean up then.
class TokenModules {
 public:
  // The one at `path`, or, when that is empty, those that p11-kit is configured with.
  static absl::StatusOr<TokenModules> Load(const std::string& path);
  ~TokenModules();
  TokenModules(TokenModules&& other) noexcept;
  TokenModules& operator=(TokenModules&&) = delete;

  const std::vector<CK_FUNCTION_LIST*>& list() const { return list_; }

 private:
  TokenModules() = default;
  std::vector<CK_FUNCTION_LIST*> list_;
  CK_FUNCTION_LIST** configured_ = nullptr;  // what list_ was taken from, if not loaded by path
};

// One thread.
class TokenSession {
 public:
  enum class Access { kRead, kWrite };
  // NotFound: no token matches, with those that are there; FailedPrecondition: several do.
  static absl::StatusOr<std::unique_ptr<TokenSession>> Open(const TokenUri& uri, Access access);
  ~TokenSession();
  TokenSession(const TokenSession&) = delete;
  TokenSession& operator=(const TokenSession&) = delete;

  // Shows the PIN, when the token wants one and has not seen it: from `pin_file`, from the terminal
  // when that is empty, or typed on the token itself when it has keys of its own. PermissionDenied:
  // wrong, or locked.
  absl::Status LogIn(const std::string& pin_file);
  // The same for one use of a key that wants it each time (CKA_ALWAYS_AUTHENTICATE).
  absl::Status LogInForOneUse(const std::string& pin_file);

  const CK_FUNCTION_LIST& calls() const { return *module_; }
  CK_SESSION_HANDLE handle() const { return handle_; }

  // What `rv`, an answer of this token while `doing` something, means and what to do.
  absl::Status Fault(CK_RV rv, std::string_view doing) const;
  // For people: its label and serial number.
  const std::string& name() const { return name_; }

 private:
  TokenSession(TokenModules modules, CK_FUNCTION_LIST* module, CK_SLOT_ID slot, std::string name)
      : modules_(std::move(modules)), module_(module), slot_(slot), name_(std::move(name)) {}

  absl::Status OpenOn(Access access);
  absl::StatusOr<CK_TOKEN_INFO> Info() const;
  bool IsLoggedIn() const;
  absl::Status LogInAs(CK_USER_TYPE user, const std::string& pin_file);
  absl::Status LogInFault(CK_RV rv) const;

  const TokenModules modules_;
  CK_FUNCTION_LIST* const module_;
  const CK_SLOT_ID slot_;
  const std::string name_;
  CK_SESSION_HANDLE handle_ = CK_INVALID_HANDLE;
};

}  // namespace assent::client

#endif  // ASSENT_CLIENT_TOKEN_SESSION_H_
