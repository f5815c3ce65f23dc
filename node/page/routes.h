// Which path shows what.
#ifndef ASSENT_NODE_PAGE_ROUTES_H_
#define ASSENT_NODE_PAGE_ROUTES_H_

#include <string>

#include "absl/status/status.h"
#include "node/page/backend.h"
#include "node/page/http.h"

namespace assent::page {

// Where entries come as they become final; the server answers it itself.
inline constexpr const char* kEventsPath = "/events";

// As the reader may see it that the request's token shows. Any thread.
Response Answer(const Backend& backend, const Request& request);
// An error as the reader takes it: with `message` in words.
Response Failure(const Backend& backend, const Request& request, int status,
                 const std::string& message);
Response Failure(const Backend& backend, const Request& request, const absl::Status& why);
// Of a request whose token is not taken (VisitorOf).
Response Denial(const Backend& backend, const Request& request, const absl::Status& why);
// Whether who sends this Accept header wants JSON: it names it, and not HTML.
bool WantsJson(const std::string& accept);

}  // namespace assent::page

#endif  // ASSENT_NODE_PAGE_ROUTES_H_
