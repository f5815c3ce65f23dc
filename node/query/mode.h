// What a node is doing, as its operator and the page are told.
#ifndef ASSENT_NODE_QUERY_MODE_H_
#define ASSENT_NODE_QUERY_MODE_H_

#include "assent/v1/node.pb.h"
#include "ledger/types.h"
#include "node/replica/submit.h"

namespace assent::query {

// Of the node of state `code`; of a mirror, which is no state's, when it is empty.
v1::NodeMode ModeOf(replica::Mode mode, const MemberCode& code);

}  // namespace assent::query

#endif  // ASSENT_NODE_QUERY_MODE_H_
