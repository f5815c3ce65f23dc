#include "ledger/receipt/header_chain.h"

#include "absl/strings/str_cat.h"
#include "ledger/crypto/hash.h"
#include "ledger/receipt/step.h"
#include "ledger/types.h"

namespace assent {
namespace {

// What holds of a block on another one, whatever their epochs.
absl::Status CheckContinues(const BlockHeader& before, const BlockHeader& child) {
  if (child.height != before.height.next()) return Wrong("its height does not follow its parent's");
  if (child.time <= before.time) return Wrong("its time is not after its parent's");
  if (child.first_index.value() != before.tree_size) {
    return Wrong("its entries do not follow its parent's");
  }
  return absl::OkStatus();
}

template <class Follows>
absl::StatusOr<NamedHeader> Last(const NamedHeader& first,
                                 const std::vector<std::string_view>& following, Follows follows) {
  NamedHeader last = first;
  for (std::size_t i = 0; i < following.size(); ++i) {
    auto next = ReadHeader(following[i], first.header.ledger_id);
    const absl::Status status = next.ok() ? follows(last, next->header) : next.status();
    if (!status.ok()) {
      return Wrong(absl::StrCat("header ", i + 1, " after block ", first.header.height.value(),
                                ": ", status.message()));
    }
    last = *std::move(next);
  }
  return last;
}

}  // namespace

absl::StatusOr<NamedHeader> ReadHeader(std::string_view bytes, const LedgerId& ledger) {
  auto header = ParseBlockHeader(bytes);
  if (!header.ok()) return header.status();
  if (header->ledger_id != ledger) {
    return Wrong(absl::StrCat("the block is of ledger ", header->ledger_id.hex(),
                              ", the founding act of ", ledger.hex()));
  }
  return NamedHeader{*std::move(header), BlockHash(bytes)};
}

absl::Status CheckFollows(const NamedHeader& parent, const BlockHeader& child) {
  const BlockHeader& before = parent.header;
  if (child.parent != parent.hash) return Wrong("its parent is another block");
  if (child.epoch != before.epoch) return Wrong("it is of another epoch");
  if (child.view <= before.view) return Wrong("its view is not after its parent's");
  if (before.kind != BlockKind::kNormal) {
    if (child.kind != BlockKind::kTail) return Wrong("after a closing block its epoch goes on");
    if (!IsTailOf(before, parent.hash, child))
      return Wrong("it is not a copy of the closing block");
    return absl::OkStatus();
  }
  if (child.kind == BlockKind::kTail) return Wrong("a TAIL block follows no closing block");
  return CheckContinues(before, child);
}

absl::Status CheckBegins(const NamedHeader& parent, const BlockHeader& child) {
  const BlockHeader& before = parent.header;
  if (child.parent != parent.hash) return Wrong("its parent is another block");
  if (child.epoch <= EpochAfter(before)) return Wrong("no act can have begun its epoch");
  if (before.kind == BlockKind::kTail || child.kind == BlockKind::kTail) {
    return Wrong("no epoch begins with or on a TAIL block");
  }
  return CheckContinues(before, child);
}

absl::StatusOr<NamedHeader> LastOfChain(const NamedHeader& first,
                                        const std::vector<std::string_view>& following) {
  return Last(first, following, CheckFollows);
}

absl::StatusOr<NamedHeader> LastAcrossEpochs(const NamedHeader& first,
                                             const std::vector<std::string_view>& following) {
  return Last(first, following, [](const NamedHeader& parent, const BlockHeader& child) {
    return child.epoch == parent.header.epoch ? CheckFollows(parent, child)
                                              : CheckBegins(parent, child);
  });
}

absl::StatusOr<Certificate> CheckFinal(const NamedHeader& last, std::string_view certificate,
                                       const VoterSet& voters) {
  auto parsed = ParseCertificate(certificate, voters.size());
  if (!parsed.ok()) return parsed.status();
  const Statement& statement = parsed->statement;
  if (statement.kind != VoteKind::kFinalize) {
    return Wrong(absl::StrCat("it is a ", AbslView(VoteKindName(statement.kind)),
                              " certificate; only finalize makes a block final"));
  }
  if (statement.epoch != last.header.epoch || statement.view != last.header.view ||
      statement.block_hash != last.hash) {
    return Wrong("it is for another block");
  }
  const absl::Status verified = VerifyCertificate(*parsed, last.header.ledger_id, voters);
  if (!verified.ok()) return verified;
  return parsed;
}

}  // namespace assent
