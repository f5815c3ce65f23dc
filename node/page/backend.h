// What the page is made from.
#ifndef ASSENT_NODE_PAGE_BACKEND_H_
#define ASSENT_NODE_PAGE_BACKEND_H_

#include <functional>
#include <string>
#include <vector>

#include "assent/v1/node.pb.h"
#include "ledger/act/founding_act.h"
#include "ledger/bytes.h"
#include "ledger/types.h"
#include "node/inspection/read_log.h"
#include "node/replica/clock.h"
#include "node/replica/store.h"
#include "node/replica/submit.h"

namespace assent::page {

// All that is pointed to outlives the page; functions may be called from any thread.
struct Backend {
  const replica::Store* store = nullptr;
  const replica::StatusSource* status = nullptr;
  const replica::Clock* clock = nullptr;
  FoundingAct act;
  MemberCode code;                          // the state whose node this is; may be empty
  PublicKey node_key;                       // the node's transport key, which access tokens are for
  inspection::ReadLog* read_log = nullptr;  // without, inspectors are refused
  std::string version;                      // of the node's software
  // The peers as the network sees them: everything of PeerStatus but final_height.
  std::function<std::vector<v1::PeerStatus>()> peers;
};

}  // namespace assent::page

#endif  // ASSENT_NODE_PAGE_BACKEND_H_
