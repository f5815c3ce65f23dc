// Looks at everything that a node needs before it can run: its files, the machine, the database,
// the ports, the other nodes. What one check needs and another has found to be wrong is not looked
// at, and that is said.
#ifndef ASSENT_NODE_CHECK_CHECK_H_
#define ASSENT_NODE_CHECK_CHECK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "assent/v1/node.pb.h"
#include "ledger/types.h"
#include "node/check/report.h"
#include "node/config.h"
#include "node/identity.h"
#include "node/network/peer_address.h"

namespace assent::check {

// How far the node's copy of the ledger goes.
struct Standing {
  Height height;
  std::uint64_t entries = 0;
  Time time;  // of the newest block
  bool restoring = false;
};

// What is known so far; each is absent when it could not be had.
struct Subject {
  node::Config config;  // keys that are wrong are empty
  std::optional<FoundingAct> act;
  std::optional<NodeKeys> keys;
  std::optional<MemberCode> self;
  std::optional<Standing> standing;
  std::optional<v1::NodeStatus> running;                   // what the node says, when it runs
  std::optional<std::vector<network::PeerAddress>> peers;  // as the database knows them
};

struct Options {
  bool peers = true;  // dial them
};

struct Result {
  Subject subject;
  Report report;
};

// Changes nothing. Takes seconds when peers do not answer.
Result Check(const std::string& config, const Options& options);

// The parts, in the order in which they are called.
void CheckConfiguration(const std::string& path, Subject& subject, Report& report);
void CheckIdentity(Subject& subject, Report& report);
void CheckFolders(const Subject& subject, Report& report);
void CheckDatabase(Subject& subject, Report& report);
void CheckMachine(const Subject& subject, Report& report);
void CheckPorts(const Subject& subject, Report& report);
void CheckPeers(const Subject& subject, Report& report);

}  // namespace assent::check

#endif  // ASSENT_NODE_CHECK_CHECK_H_
