// Who asks, and so which bodies it may see.
#ifndef ASSENT_NODE_QUERY_READER_H_
#define ASSENT_NODE_QUERY_READER_H_

#include <optional>

#include "ledger/bytes.h"
#include "ledger/entry/entry.h"
#include "ledger/rules/rules.h"
#include "ledger/types.h"
#include "node/replica/store.h"

namespace assent::query {

enum class Rights {
  kAnonymous,  // PUBLIC bodies
  kMember,     // all bodies
};

struct Reader {
  Rights rights = Rights::kAnonymous;
  MemberCode code;  // whose reader it is; empty for an anonymous one
};

// The reader that has proved to hold `tls_key`: a member's when it is the member's reader key or
// its node's transport key in the view's state, else anonymous.
Reader ResolveReader(const replica::ReadView& view, const std::optional<PublicKey>& tls_key);

// What `reader` may know of the entry's body; nothing when it may not see it, when the body is not
// there, and when it cannot be read: these look the same to who asks.
std::optional<rules::Description> Visible(const Entry& entry, const Reader& reader);

}  // namespace assent::query

#endif  // ASSENT_NODE_QUERY_READER_H_
