#include "client/evidence_check.h"

#include <optional>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "ledger/crypto/keys.h"

namespace assent::client {
namespace {

// What a vote key has signed.
struct Statement {
  std::string_view tag;
  std::uint64_t epoch = 0;
  std::uint64_t view = 0;
  std::string_view block;  // empty for a skip
};

absl::Status Wrong(const v1::EvidenceRow& row, std::string_view what) {
  return absl::DataLossError(absl::StrCat("the evidence against ", row.voter(), " in view ",
                                          row.view(), " proves nothing: ", AbslView(what)));
}

// Tag, zero byte, ledger, epoch, view, and a block unless it is a skip.
std::optional<Statement> Parse(std::string_view bytes, const LedgerId& ledger) {
  const std::size_t end = bytes.find('\0');
  if (end == std::string_view::npos) return std::nullopt;
  Statement statement;
  statement.tag = bytes.substr(0, end);
  const bool known = statement.tag == tag::kNotarize || statement.tag == tag::kSkip ||
                     statement.tag == tag::kFinalize || statement.tag == tag::kProposal;
  ByteReader in(bytes.substr(end + 1));
  const auto of = in.Fixed<LedgerId>();
  statement.epoch = in.U64();
  statement.view = in.U64();
  if (statement.tag != tag::kSkip) statement.block = in.Bytes(Hash::kSize);
  if (!known || !in.AtEnd() || of != ledger) return std::nullopt;
  return statement;
}

// A node makes each kind of statement once in a view, finalizes nothing that it has skipped, and
// finalizes only what it has notarized. Skip and notarize go together.
bool Exclude(const Statement& a, const Statement& b) {
  if ((a.tag == tag::kProposal) != (b.tag == tag::kProposal)) return false;
  if (a.tag == b.tag) return a.block != b.block;
  const bool skips = a.tag == tag::kSkip || b.tag == tag::kSkip;
  const bool finalizes = a.tag == tag::kFinalize || b.tag == tag::kFinalize;
  return finalizes && (skips || a.block != b.block);
}

}  // namespace

absl::Status CheckEvidence(const v1::EvidenceRow& row, const LedgerId& ledger) {
  const auto key = PublicKey::From(row.key());
  if (!key) return Wrong(row, "it has no key of the voter under which both are signed");
  const auto first = Parse(row.first_statement(), ledger);
  const auto second = Parse(row.second_statement(), ledger);
  if (!first || !second) return Wrong(row, "it is no statement of this ledger");
  for (const Statement& statement : {*first, *second}) {
    if (statement.epoch != row.epoch() || statement.view != row.view()) {
      return Wrong(row, "it is of another epoch or view");
    }
  }
  const auto first_signature = Signature::From(row.first_signature());
  const auto second_signature = Signature::From(row.second_signature());
  if (!first_signature || !second_signature ||
      !VerifyRaw(*key, row.first_statement(), *first_signature) ||
      !VerifyRaw(*key, row.second_statement(), *second_signature)) {
    return Wrong(row, "a signature is not good");
  }
  if (!Exclude(*first, *second)) return Wrong(row, "a correct node may make both");
  return absl::OkStatus();
}

}  // namespace assent::client
