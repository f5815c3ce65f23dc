#include "node/check/check.h"

namespace assent::check {

Result Check(const std::string& config, const Options& options) {
  Result result;
  Subject& subject = result.subject;
  Report& report = result.report;
  CheckConfiguration(config, subject, report);
  CheckIdentity(subject, report);
  CheckFolders(subject, report);
  CheckDatabase(subject, report);
  CheckMachine(subject, report);
  CheckPorts(subject, report);
  if (options.peers) CheckPeers(subject, report);
  return result;
}

}  // namespace assent::check
