// What the services stand on.
#ifndef ASSENT_NODE_SERVICE_BACKEND_H_
#define ASSENT_NODE_SERVICE_BACKEND_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "assent/v1/block.pb.h"
#include "assent/v1/node.pb.h"
#include "ledger/act/founding_act.h"
#include "ledger/types.h"
#include "node/inspection/read_log.h"
#include "node/replica/clock.h"
#include "node/replica/store.h"
#include "node/replica/submit.h"

namespace assent::service {

// All that is pointed to outlives the services; the functions may be called from any thread.
struct Backend {
  const replica::Store* store = nullptr;
  replica::Submitter* submitter = nullptr;
  const replica::StatusSource* status = nullptr;
  const replica::Clock* clock = nullptr;
  inspection::ReadLog* read_log = nullptr;  // without, inspectors are refused
  ActText act;
  MemberCode code;      // the state whose node this is; empty for a mirror
  std::string version;  // of the node's software
  // The peers as the network sees them: everything of PeerStatus but final_height.
  std::function<std::vector<v1::PeerStatus>()> peers;
  // Signs a block that has just become final with the node's vote key. Unavailable: there is none.
  std::function<absl::StatusOr<v1::VotingProof>()> make_voting_proof;
  // Makes a backup of the database in a folder; takes long. Empty: this node makes none.
  std::function<absl::StatusOr<v1::BackupMade>(const std::string& folder)> make_backup;
  // The draft of an act that starts the next epoch at this node's newest block, and the taking of
  // one that enough members have signed: `done` gets whether its epoch is entered. `done` may be
  // dropped uncalled when the node stops.
  std::function<void(std::function<void(absl::StatusOr<v1::RestartAct>)> done)> draft_restart;
  std::function<void(const v1::RestartAct& act, bool never_voted,
                     std::function<void(absl::StatusOr<bool>)> done)>
      take_restart;
  // InvalidArgument: no such level.
  std::function<absl::Status(std::string_view level)> set_log_level;
};

}  // namespace assent::service

#endif  // ASSENT_NODE_SERVICE_BACKEND_H_
