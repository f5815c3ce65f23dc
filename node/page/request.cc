#include "node/page/request.h"

#include <civetweb.h>

#include <array>

#include "node/page/limits.h"
#include "node/page/sign_in.h"

namespace assent::page {

void ReadQuery(std::string_view query, Request& request) {
  for (const char* name : {"author", "before", "from", "page_token", "type", "year"}) {
    std::array<char, kQueryValueBytesMax> value{};
    const int length = mg_get_var(query.data(), query.size(), name, value.data(), value.size());
    if (length >= 0)
      request.query[name] = std::string(value.data(), static_cast<std::size_t>(length));
    // Too long for anything that is asked for: refused as what it is, not taken as absent.
    if (length == -2) request.query[name] = "too long";
  }
  if (!query.empty() && query.find_first_of("=&%") == std::string_view::npos) {
    request.query[std::string(query)] = "";
  }
}

void ReadToken(std::string_view authorization, const std::string& cookies, Request& request) {
  constexpr std::string_view kScheme = "Bearer ";
  if (authorization.starts_with(kScheme)) {
    request.token = authorization.substr(kScheme.size());
    if (request.token.empty()) request.token = "none";  // refused, not taken as absent
    return;
  }
  std::array<char, kQueryValueBytesMax> value{};
  const int length = mg_get_cookie(cookies.c_str(), kCookie, value.data(), value.size());
  const bool too_long = length == -3;  // of civetweb's three ways to say that there is no value
  request.from_cookie = length > 0 || too_long;
  if (length > 0) request.token = std::string(value.data(), static_cast<std::size_t>(length));
  if (too_long) request.token = "too long";
}

void ReadForm(std::string_view form, Request& request) {
  std::array<char, kQueryValueBytesMax> token{};
  const int length = mg_get_var(form.data(), form.size(), kTokenField, token.data(), token.size());
  if (length > 0) request.token = std::string(token.data(), static_cast<std::size_t>(length));
}

}  // namespace assent::page
