#include "node/replica/restart.h"

#include <utility>

#include "assent/v1/block.pb.h"
#include "ledger/limits.h"
#include "ledger/receipt/member_list.h"
#include "ledger/receipt/restart_act.h"

namespace assent::replica {
namespace {

absl::StatusOr<v1::RestartAct> Parse(std::string_view bytes) {
  v1::RestartAct act;
  if (bytes.size() > kRestartActBytesMax ||
      !act.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::InvalidArgumentError("it is no act, or too large a one");
  }
  return act;
}

}  // namespace

absl::StatusOr<RestartPtr> CheckRestartBytes(std::string_view bytes, const LedgerId& ledger) {
  const auto act = Parse(bytes);
  if (!act.ok()) return act.status();
  auto restart = CheckRestart(*act, ledger);
  if (!restart.ok()) return restart.status();
  auto given = std::make_shared<GivenRestart>();
  given->epoch = restart->epoch;
  given->header = restart->block.header;
  given->hash = restart->block.hash;
  given->members = restart->members.size();
  given->signers = restart->signers.size();
  given->bytes = act->SerializeAsString();
  return given;
}

Epoch EpochOfRestart(std::string_view bytes) {
  const auto act = Parse(bytes);
  return act.ok() ? Epoch(act->epoch()) : Epoch(0);
}

bool HasCertificate(const GivenRestart& restart) {
  const auto act = Parse(restart.bytes);
  return act.ok() && !act->certificate().empty();
}

absl::Status CheckNotarized(const GivenRestart& restart, const VoterSet& voters) {
  const auto act = Parse(restart.bytes);
  if (!act.ok()) return act.status();
  return CheckRestartCertificate(*act, {restart.epoch, {restart.header, restart.hash}, {}, {}},
                                 voters);
}

std::string DraftRestart(Epoch epoch, std::string_view header_bytes, std::string_view certificate,
                         const std::vector<MemberIdentity>& members) {
  v1::RestartAct act;
  act.set_epoch(epoch.value());
  act.set_header(std::string(header_bytes));
  act.set_certificate(std::string(certificate));
  AddMembers(members, act.mutable_members());
  return act.SerializeAsString();
}

std::string CertificateOf(const RestartRecord& record) {
  const auto act = Parse(record.act);
  return act.ok() ? act->certificate() : "";
}

bool NamesBlockOf(const RestartRecord& record, Epoch epoch) {
  const auto act = Parse(record.act);
  if (!act.ok()) return false;
  const auto header = ParseBlockHeader(act->header());
  return header.ok() && header->epoch == epoch;
}

}  // namespace assent::replica
