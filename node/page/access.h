// Who asks, where a request shows an access token.
#ifndef ASSENT_NODE_PAGE_ACCESS_H_
#define ASSENT_NODE_PAGE_ACCESS_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/bytes.h"
#include "ledger/types.h"
#include "node/page/backend.h"
#include "node/page/http.h"
#include "node/query/reader.h"
#include "node/replica/store.h"

namespace assent::page {

// One who asks, for one answer.
struct Visitor {
  query::Reader reader = {};
  std::optional<PublicKey> key = {};  // that signed the token; nothing: anybody
  Time until = {};                    // of the token

  // "FRA, a member", "an inspector, by accreditation 12"; empty for anybody.
  std::string InWords() const;
};

// By what is final in `view`, at every answer anew. Without a token, anybody. Any thread.
// Unauthenticated: the token is not good. PermissionDenied: it is, and its key has no rights.
absl::StatusOr<Visitor> VisitorOf(const Backend& backend, const replica::ReadView& view,
                                  const std::string& token);

// To be called when an answer is made, and before it is sent. Unavailable: it must not be sent,
// since an inspector's read cannot be logged.
absl::Status LogVisit(const Backend& backend, const replica::ReadView& view, const Visitor& visitor,
                      const Request& request);

}  // namespace assent::page

#endif  // ASSENT_NODE_PAGE_ACCESS_H_
