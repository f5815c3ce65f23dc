#include "ledger/membership/certificate.h"

#include "absl/strings/str_cat.h"
#include "ledger/check.h"

namespace assent {
namespace {

constexpr std::size_t kStatementBytes = 1 + 8 + 8 + Hash::kSize;

std::string_view TagOf(VoteKind kind) {
  switch (kind) {
    case VoteKind::kNotarize:
      return tag::kNotarize;
    case VoteKind::kSkip:
      return tag::kSkip;
    case VoteKind::kFinalize:
      return tag::kFinalize;
  }
  ASSENT_CHECK(false);
}

// What follows the tag in every signature of a vote key. A skip names no block.
std::string SignedBytes(Epoch epoch, View view, const Hash* block_hash, const LedgerId& ledger) {
  std::string bytes;
  bytes.reserve(LedgerId::kSize + 8 + 8 + Hash::kSize);
  bytes += ledger.view();
  AppendU64(bytes, epoch.value());
  AppendU64(bytes, view.value());
  if (block_hash != nullptr) bytes += block_hash->view();
  return bytes;
}

std::string SignedBytes(const Statement& statement, const LedgerId& ledger) {
  const bool names_block = statement.kind != VoteKind::kSkip;
  return SignedBytes(statement.epoch, statement.view, names_block ? &statement.block_hash : nullptr,
                     ledger);
}

std::size_t BitBytes(std::size_t voters) { return (voters + 7) / 8; }

std::uint8_t BitOf(std::size_t position) {
  return static_cast<std::uint8_t>(0x80u >> (position % 8));
}

absl::Status Malformed(std::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("malformed certificate: ", AbslView(what)));
}

// Positions whose bits are set; InvalidArgument for bits beyond the last voter.
absl::StatusOr<std::vector<std::size_t>> ReadBits(std::string_view bits, std::size_t voters) {
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < bits.size() * 8; ++i) {
    if ((static_cast<std::uint8_t>(bits[i / 8]) & BitOf(i)) == 0) continue;
    if (i >= voters) return Malformed("a bit is set beyond the last voter");
    positions.push_back(i);
  }
  return positions;
}

absl::StatusOr<Statement> ReadStatement(ByteReader& reader) {
  const std::uint8_t kind = reader.U8();
  if (kind < static_cast<std::uint8_t>(VoteKind::kNotarize) ||
      kind > static_cast<std::uint8_t>(VoteKind::kFinalize)) {
    return Malformed(absl::StrCat("kind ", kind, " does not exist"));
  }
  Statement statement;
  statement.kind = static_cast<VoteKind>(kind);
  statement.epoch = Epoch(reader.U64());
  statement.view = View(reader.U64());
  statement.block_hash = reader.Fixed<Hash>();
  if (statement.kind == VoteKind::kSkip && !statement.block_hash.IsZero()) {
    return Malformed("a skip names a block");
  }
  return statement;
}

}  // namespace

std::string_view VoteKindName(VoteKind kind) {
  switch (kind) {
    case VoteKind::kNotarize:
      return "notarize";
    case VoteKind::kSkip:
      return "skip";
    case VoteKind::kFinalize:
      return "finalize";
  }
  ASSENT_CHECK(false);
}

Signature SignStatement(const Statement& statement, const LedgerId& ledger, const SigningKey& key) {
  return key.Sign(TagOf(statement.kind), SignedBytes(statement, ledger));
}

bool VerifyStatement(const Statement& statement, const LedgerId& ledger, const PublicKey& key,
                     const Signature& signature) {
  return Verify(key, TagOf(statement.kind), SignedBytes(statement, ledger), signature);
}

Signature SignProposal(Epoch epoch, View view, const Hash& block_hash, const LedgerId& ledger,
                       const SigningKey& key) {
  return key.Sign(tag::kProposal, SignedBytes(epoch, view, &block_hash, ledger));
}

bool VerifyProposal(Epoch epoch, View view, const Hash& block_hash, const LedgerId& ledger,
                    const PublicKey& key, const Signature& signature) {
  return Verify(key, tag::kProposal, SignedBytes(epoch, view, &block_hash, ledger), signature);
}

std::string EncodeCertificate(const Certificate& certificate, std::size_t voters) {
  const Statement& statement = certificate.statement;
  std::string out;
  out.reserve(kStatementBytes + 2 + BitBytes(voters) + certificate.votes.size() * Signature::kSize);
  AppendU8(out, static_cast<std::uint8_t>(statement.kind));
  AppendU64(out, statement.epoch.value());
  AppendU64(out, statement.view.value());
  out += statement.kind == VoteKind::kSkip ? Hash().view() : statement.block_hash.view();
  AppendU16(out, static_cast<std::uint16_t>(voters));
  const std::size_t bits = out.size();
  out.append(BitBytes(voters), '\0');
  for (const auto& [position, signature] : certificate.votes) {
    ASSENT_CHECK(position < voters);
    char& byte = out[bits + position / 8];
    byte = static_cast<char>(static_cast<std::uint8_t>(byte) | BitOf(position));
    out += signature.view();
  }
  return out;
}

absl::StatusOr<Certificate> ParseCertificate(std::string_view bytes, std::size_t voters) {
  ByteReader reader(bytes);
  auto statement = ReadStatement(reader);
  if (!statement.ok()) return statement.status();
  const std::size_t named = reader.U16();
  if (!reader.ok()) return Malformed("it is too short");
  if (named != voters) {
    return Malformed(absl::StrCat("it is for ", named, " voters, the epoch has ", voters));
  }
  const std::string_view bits = reader.Bytes(BitBytes(voters));
  const auto positions = ReadBits(bits, voters);
  if (!positions.ok()) return positions.status();
  if (!reader.ok() || reader.rest().size() != positions->size() * Signature::kSize) {
    return Malformed("its length does not fit the number of its votes");
  }
  Certificate certificate;
  certificate.statement = *statement;
  certificate.votes.reserve(positions->size());
  for (const std::size_t position : *positions) {
    certificate.votes.emplace_back(position, reader.Fixed<Signature>());
  }
  return certificate;
}

absl::Status VerifyCertificate(const Certificate& certificate, const LedgerId& ledger,
                               const VoterSet& voters) {
  const auto& votes = certificate.votes;
  for (std::size_t i = 0; i < votes.size(); ++i) {
    if (votes[i].first >= voters.size()) return Malformed("it names a voter that does not exist");
    if (i > 0 && votes[i].first <= votes[i - 1].first) {
      return Malformed("its votes are not in the order of the voters");
    }
  }
  if (votes.size() < voters.quorum()) {
    return absl::InvalidArgumentError(absl::StrCat("certificate has ", votes.size(),
                                                   " votes; a quorum of ", voters.size(),
                                                   " voters needs ", voters.quorum()));
  }
  const std::string_view tag = TagOf(certificate.statement.kind);
  const std::string signed_bytes = SignedBytes(certificate.statement, ledger);
  for (const auto& [position, signature] : votes) {
    const Voter& voter = voters.at(position);
    if (!Verify(voter.vote_key, tag, signed_bytes, signature)) {
      return absl::InvalidArgumentError(absl::StrCat("the signature of ", voter.code.str(),
                                                     " in the certificate does not verify"));
    }
  }
  return absl::OkStatus();
}

}  // namespace assent
