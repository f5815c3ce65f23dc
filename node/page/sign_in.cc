#include "node/page/sign_in.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "ledger/access/access_token.h"
#include "node/page/access.h"
#include "node/page/routes.h"

namespace assent::page {
namespace {

// Not for scripts, not for other sites, and over HTTPS or on this machine only.
std::pair<std::string, std::string> Cookie(const std::string& value, std::int64_t seconds) {
  return {"Set-Cookie", absl::StrCat(kCookie, "=", value, "; Path=/; Max-Age=", seconds,
                                     "; HttpOnly; Secure; SameSite=Strict")};
}

// To the overview, by a GET.
Response Onwards(std::pair<std::string, std::string> cookie) {
  Response response{303, "text/plain; charset=utf-8", "", {}};
  response.headers.emplace_back("Location", "/");
  response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.push_back(std::move(cookie));
  return response;
}

// How `assent access-token` is told which node this is.
std::string NameOf(const Backend& backend) {
  for (const Founder& founder : backend.act.text.founders) {
    if (founder.code == backend.code && founder.transport_key == backend.node_key) {
      return absl::StrCat("--member ", founder.code.str());
    }
  }
  return absl::StrCat("--node-key ", backend.node_key.hex());
}

}  // namespace

Html ShowSignIn(const Backend& backend) {
  Html html;
  html.Raw(
      "<p>Without more, this page shows what is PUBLIC. Members and the inspectors that they "
      "accredit see here what they may read, for some minutes, by an access token: a line that "
      "they make with their reader key on their own machine, for this node alone.</p><pre "
      "tabindex=\"0\">assent access-token --act act.txt ");
  html.Text(NameOf(backend)).Raw(" --reader reader.key</pre><form method=\"post\" action=\"");
  html.Text(kSignInPath)
      .Raw("\" class=\"filter\"><label>Access token <input type=\"password\" name=\"")
      .Text(kTokenField);
  html.Raw("\" size=\"40\" maxlength=\"")
      .Number(kAccessTokenChars)
      .Raw(
          "\" required autocomplete=\"off\" spellcheck=\"false\"></label> <button>Sign "
          "in</button></form><p>The browser keeps it as a cookie until it expires, or until you "
          "sign out. What inspectors read is logged at this node.</p>");
  return html;
}

std::pair<std::string, std::string> NoCookie() { return Cookie("", 0); }

Response SignIn(const Backend& backend, const Request& request) {
  if (request.token.empty()) return Failure(backend, request, 400, "the access token is missing");
  const auto visitor = VisitorOf(backend, *backend.store->Read(), request.token);
  if (!visitor.ok()) return Denial(backend, request, visitor.status());
  const std::int64_t left_us = visitor->until.us - backend.clock->Wall().us;
  return Onwards(Cookie(request.token, std::max<std::int64_t>(left_us / 1'000'000, 0)));
}

Response SignOut() { return Onwards(NoCookie()); }

}  // namespace assent::page
