#include "ledger/receipt/restart_act.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/crypto/keys.h"
#include "ledger/entry/strict.h"
#include "ledger/limits.h"
#include "ledger/receipt/member_list.h"
#include "ledger/receipt/step.h"

namespace assent {
namespace {

absl::Status CheckEpoch(const Restart& restart) {
  const Epoch follows = EpochAfter(restart.block.header);
  if (restart.epoch <= follows) {
    return Wrong(absl::StrCat("it begins epoch ", restart.epoch.value(), ", and epoch ",
                              follows.value(), " follows the named block anyway"));
  }
  if (restart.epoch.value() - follows.value() > kRestartEpochsMax) {
    return Wrong(absl::StrCat("it leaves out more than ", kRestartEpochsMax, " epochs"));
  }
  return absl::OkStatus();
}

// In code order, without repeats: MembersHash sorts, and would not tell.
absl::Status CheckMembers(const Restart& restart) {
  const auto& members = restart.members;
  for (std::size_t i = 1; i < members.size(); ++i) {
    if (members[i].code <= members[i - 1].code) return Wrong("its members are not in code order");
  }
  if (members.empty() || MembersHash(members) != restart.block.header.members_hash) {
    return Wrong("its members are not those that the named block has");
  }
  return absl::OkStatus();
}

absl::Status TakeSignatures(const v1::RestartAct& act, Restart& restart) {
  const LedgerId& ledger = restart.block.header.ledger_id;
  const std::string statement = RestartStatement(ledger, restart.epoch, restart.block);
  for (const v1::RestartSignature& signature : act.signatures()) {
    const auto code = MemberCode::From(signature.code());
    const auto bytes = Signature::From(signature.signature());
    if (!code || !bytes) return Wrong("a signature has no code or is not 64 bytes");
    if (!restart.signers.empty() && *code <= restart.signers.back()) {
      return Wrong("its signatures are not in code order");
    }
    const auto member = std::ranges::find(restart.members, *code, &MemberIdentity::code);
    if (member == restart.members.end()) {
      return Wrong(absl::StrCat(code->str(), " has signed and is not among the members"));
    }
    if (!Verify(member->authority_key, tag::kRestart, statement, *bytes)) {
      return Wrong(absl::StrCat("the signature of ", code->str(),
                                " is not by the authority key that the named block has for it"));
    }
    restart.signers.push_back(*code);
  }
  return absl::OkStatus();
}

}  // namespace

std::string RestartStatement(const LedgerId& ledger, Epoch epoch, const NamedHeader& block) {
  std::string statement = ledger.str();
  AppendU64(statement, epoch.value());
  AppendU64(statement, block.header.height.value());
  statement += block.hash.view();
  return statement;
}

absl::StatusOr<Restart> ReadRestart(const v1::RestartAct& act, const LedgerId& ledger) {
  if (act.ByteSizeLong() > kRestartActBytesMax) {
    return Wrong(absl::StrCat("it has more than ", kRestartActBytesMax, " bytes"));
  }
  auto block = ReadHeader(act.header(), ledger);
  if (!block.ok()) return block.status();
  if (block->header.kind == BlockKind::kTail) return Wrong("a TAIL block is no block of the log");
  auto members = ReadMembers(act.members());
  if (!members.ok()) return members.status();
  Restart restart{Epoch(act.epoch()), *std::move(block), *std::move(members), {}};
  absl::Status status = CheckEpoch(restart);
  if (status.ok()) status = CheckMembers(restart);
  if (status.ok()) status = TakeSignatures(act, restart);
  if (!status.ok()) return status;
  return restart;
}

absl::StatusOr<Restart> CheckRestart(const v1::RestartAct& act, const LedgerId& ledger) {
  auto restart = ReadRestart(act, ledger);
  if (restart.ok() && restart->signers.size() < restart->needed()) {
    return Wrong(absl::StrCat(restart->signers.size(), " of ", restart->members.size(),
                              " members have signed it, ", restart->needed(), " are needed"));
  }
  return restart;
}

absl::Status CheckRestartCertificate(const v1::RestartAct& act, const Restart& restart,
                                     const VoterSet& voters) {
  const auto certificate = ParseCertificate(act.certificate(), voters.size());
  if (!certificate.ok()) return certificate.status();
  const BlockHeader& header = restart.block.header;
  const Statement& statement = certificate->statement;
  if (statement.kind == VoteKind::kSkip || statement.epoch != header.epoch ||
      statement.view != header.view || statement.block_hash != restart.block.hash) {
    return Wrong("its certificate is not for the named block");
  }
  return VerifyCertificate(*certificate, header.ledger_id, voters);
}

std::string FormatRestartFile(const v1::RestartAct& act) {
  return absl::StrCat(AbslView(kRestartMagic), act.SerializeAsString());
}

absl::StatusOr<v1::RestartAct> ParseRestartFile(std::string_view file) {
  if (!file.starts_with(kRestartMagic))
    return Wrong("it does not begin with \"assent restart v1\"");
  if (file.size() > kRestartMagic.size() + kRestartActBytesMax) {
    return Wrong(absl::StrCat("it has more than ", kRestartActBytesMax, " bytes"));
  }
  v1::RestartAct act;
  const absl::Status parsed = ParseStrict(file.substr(kRestartMagic.size()), act);
  if (!parsed.ok()) return parsed;
  return act;
}

}  // namespace assent
