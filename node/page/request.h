// What a browser sends, taken apart: a query, a form, and where an access token is shown.
#ifndef ASSENT_NODE_PAGE_REQUEST_H_
#define ASSENT_NODE_PAGE_REQUEST_H_

#include <string>
#include <string_view>

#include "node/page/http.h"

namespace assent::page {

// Any thread. Whatever the bytes are.

// Adds what views ask for by name, and the version of a file, which stands alone.
void ReadQuery(std::string_view query, Request& request);
// The token is in the header Authorization, for programs, or else in a cookie.
void ReadToken(std::string_view authorization, const std::string& cookies, Request& request);
// The token is in the form that was sent; none when it is too long.
void ReadForm(std::string_view form, Request& request);

}  // namespace assent::page

#endif  // ASSENT_NODE_PAGE_REQUEST_H_
