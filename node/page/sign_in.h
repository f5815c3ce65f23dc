// A browser shows an access token in a cookie, which it gets for one that is typed into a form: so
// the token never stands in an address.
#ifndef ASSENT_NODE_PAGE_SIGN_IN_H_
#define ASSENT_NODE_PAGE_SIGN_IN_H_

#include <string>
#include <utility>

#include "node/page/backend.h"
#include "node/page/html.h"
#include "node/page/http.h"

namespace assent::page {

inline constexpr const char* kSignInPath = "/sign-in";
inline constexpr const char* kSignOutPath = "/sign-out";
inline constexpr const char* kTokenField = "token";  // of the form
inline constexpr const char* kCookie = "assent-access";

// The form, and how a token is made.
Html ShowSignIn(const Backend& backend);
// The header that takes the cookie back.
std::pair<std::string, std::string> NoCookie();

// Answers to forms: `request.token` is the one that was typed. Any thread.
Response SignIn(const Backend& backend, const Request& request);
Response SignOut();

}  // namespace assent::page

#endif  // ASSENT_NODE_PAGE_SIGN_IN_H_
