#include "ledger/audit/audit.h"

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/bytes.h"
#include "ledger/check.h"
#include "ledger/crypto/hash.h"
#include "ledger/entry/proto.h"
#include "ledger/limits.h"
#include "ledger/receipt/header_chain.h"
#include "ledger/rules/read.h"
#include "ledger/rules/rules.h"
#include "ledger/rules/unseen.h"

namespace assent {
namespace {

constexpr std::string_view kSavedMagic = "assent audit 2\n";
constexpr std::string_view kSavedOfAnyVersion = "assent audit ";
// New keys of which it is uncertain whether they take force with a block: all combinations are
// tried.
constexpr std::size_t kUncertainKeysMax = 8;

absl::Status Wrong(std::string_view step, std::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(AbslView(step), ": ", AbslView(what)));
}

absl::Status CheckSame(std::string_view claim, std::uint64_t claimed, std::uint64_t computed) {
  if (claimed == computed) return absl::OkStatus();
  return Wrong(claim, absl::StrCat("the header says ", claimed, ", computed is ", computed));
}

template <class Bytes>
absl::Status CheckSame(std::string_view claim, const Bytes& claimed, const Bytes& computed) {
  if (claimed == computed) return absl::OkStatus();
  return Wrong(claim,
               absl::StrCat("the header says ", claimed.hex(), ", computed is ", computed.hex()));
}

absl::Status Prefixed(std::string_view where, const absl::Status& status) {
  return absl::Status(status.code(), absl::StrCat(AbslView(where), ": ", status.message()));
}

std::string EntryName(const EntryHeader& header) {
  return absl::StrCat(header.author.str(), "/", header.sequence.value());
}

std::string At(Height height) { return absl::StrCat("height ", height.value()); }

}  // namespace

Auditor::Auditor(const FoundingAct& act, Workers workers)
    : act_(act), workers_(std::move(workers)) {
  rules::Genesis genesis = rules::MakeGenesis(act);
  state_.Apply(genesis.writes);
  voters_ = rules::VotersOf(state_);
  tip_ = genesis.header;
  tip_hash_ = BlockHash(EncodeBlockHeader(tip_));
}

void Auditor::WatchTreeSize(std::uint64_t size) {
  watched_size_ = size;
  if (size == tip_.tree_size) watched_root_ = tip_.tree_root;
}

absl::Status Auditor::Check(const std::vector<v1::FinalBlock>& blocks) {
  // Certificates are by the voters of their epoch, who are known when the one before has ended.
  std::span<const v1::FinalBlock> left(blocks);
  while (!left.empty()) {
    const auto pieces = TakeApart(left);
    if (!pieces.ok()) return pieces.status();
    if (left.front().has_restart()) {
      const auto status = CheckRestarted(left.front().restart(), pieces->front());
      if (!status.ok()) return Prefixed(At(tip_.height.next()), status);
    }
    for (const Piece& piece : *pieces) {
      if (const auto status = CheckBlock(piece); !status.ok()) {
        return Prefixed(At(tip_.height.next()), status);
      }
    }
    left = left.subspan(pieces->size());
  }
  return absl::OkStatus();
}

absl::Status Auditor::Finish() const {
  if (certified_ == tip_.height) return absl::OkStatus();
  return Prefixed(At(tip_.height),
                  Wrong("certificate", absl::StrCat("blocks above height ", certified_.value(),
                                                    " are not shown to be final")));
}

std::string Auditor::Save() const {
  ASSENT_CHECK(state_known_);
  std::string out(kSavedMagic);
  const std::string header = EncodeBlockHeader(tip_);
  AppendU16(out, static_cast<std::uint16_t>(header.size()));
  out += header;
  AppendU64(out, certified_.value());
  for (const std::uint64_t count : {counts_.blocks, counts_.entries, counts_.signatures,
                                    counts_.certificates, counts_.restarts}) {
    AppendU64(out, count);
  }
  AppendU8(out, static_cast<std::uint8_t>(frontier_.subtrees().size()));
  for (const Hash& subtree : frontier_.subtrees()) out += subtree.view();
  state_.Scan("", "", [&out](std::string_view key, std::string_view value) {
    AppendU32(out, static_cast<std::uint32_t>(key.size()));
    out += key;
    AppendU32(out, static_cast<std::uint32_t>(value.size()));
    out += value;
    return true;
  });
  out += Sha256(out).view();
  return out;
}

absl::StatusOr<Auditor> Auditor::Restore(std::string_view saved, const FoundingAct& act,
                                         Workers workers) {
  if (saved.starts_with(kSavedOfAnyVersion) && !saved.starts_with(kSavedMagic)) {
    return absl::InvalidArgumentError("the audit was saved by another version");
  }
  if (saved.size() < Hash::kSize || Sha256(saved.substr(0, saved.size() - Hash::kSize)).view() !=
                                        saved.substr(saved.size() - Hash::kSize)) {
    return absl::InvalidArgumentError("the saved audit is damaged");
  }
  ByteReader in(saved.substr(0, saved.size() - Hash::kSize));
  if (in.Bytes(kSavedMagic.size()) != kSavedMagic) {
    return absl::InvalidArgumentError("it is no saved audit");
  }
  const auto header = ParseBlockHeader(in.Bytes(in.U16()));
  if (!header.ok()) return header.status();
  if (header->ledger_id != act.ledger_id) {
    return absl::InvalidArgumentError("the saved audit is that of another ledger than the act's");
  }
  Auditor auditor(act, std::move(workers));
  auditor.tip_ = *header;
  auditor.tip_hash_ = BlockHash(EncodeBlockHeader(*header));
  auditor.certified_ = Height(in.U64());
  auditor.counts_.blocks = in.U64();
  auditor.counts_.entries = in.U64();
  auditor.counts_.signatures = in.U64();
  auditor.counts_.certificates = in.U64();
  auditor.counts_.restarts = in.U64();
  std::vector<Hash> subtrees(in.U8());
  for (Hash& subtree : subtrees) subtree = in.Fixed<Hash>();
  auto frontier = MerkleFrontier::From(header->tree_size, std::move(subtrees));
  if (!frontier.ok()) return frontier.status();
  auditor.frontier_ = *std::move(frontier);
  StateWrites writes;
  while (in.ok() && !in.AtEnd()) {
    std::string key(in.Bytes(in.U32()));
    writes[std::move(key)] = std::string(in.Bytes(in.U32()));
  }
  if (!in.ok()) return absl::InvalidArgumentError("the saved audit is damaged");
  auditor.state_ = MemoryState();
  auditor.state_.Apply(writes);
  auditor.voters_ = rules::VotersOf(auditor.state_);
  auditor.heads_ = rules::AllHeads(auditor.state_);
  if (auditor.frontier_.Root() != header->tree_root ||
      AuthorHeadsRoot(auditor.heads_) != header->author_heads_root) {
    return absl::InvalidArgumentError("the saved audit does not fit its last block");
  }
  return auditor;
}

absl::StatusOr<std::vector<Auditor::Piece>> Auditor::TakeApart(
    std::span<const v1::FinalBlock> blocks) const {
  constexpr int kCertificate = -1;
  std::vector<Piece> pieces;
  pieces.reserve(blocks.size());
  std::vector<std::pair<std::size_t, int>> tasks;  // block, and entry or certificate
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const v1::FinalBlock& block = blocks[i];
    if (i > 0 && block.has_restart()) break;
    Piece& piece = pieces.emplace_back();
    auto header = ParseBlockHeader(block.header());
    if (!header.ok()) {
      return Prefixed(At(Height(tip_.height.value() + 1 + i)), Prefixed("header", header.status()));
    }
    piece.header = *header;
    piece.header_bytes = block.header();
    const auto entries = static_cast<std::size_t>(block.entries_size());
    piece.entries.assign(entries, absl::UnknownError("not parsed"));
    piece.good_under.resize(entries);
    piece.has_certificate = !block.certificate().empty();
    if (block.has_restart()) piece.restart = CheckRestart(block.restart(), act_.ledger_id);
    for (int entry = 0; entry < block.entries_size(); ++entry) tasks.emplace_back(i, entry);
    if (piece.has_certificate) tasks.emplace_back(i, kCertificate);
    if (piece.header.kind == BlockKind::kClosing) break;
  }
  workers_(tasks.size(), [&](std::size_t task) {
    const auto [block, entry] = tasks[task];
    Piece& piece = pieces[block];
    if (entry == kCertificate) {
      piece.certificate_status = CheckCertificate(blocks[block], piece);
    } else {
      CheckEntry(blocks[block].entries(entry), piece, static_cast<std::size_t>(entry));
    }
  });
  return pieces;
}

// With the key of the state before these blocks; should one of them change it, ApplyEntries looks
// again.
void Auditor::CheckEntry(const v1::Entry& message, Piece& piece, std::size_t position) const {
  auto& entry = piece.entries[position];
  entry = FromProto(message);
  if (!entry.ok()) return;
  const auto key =
      rules::SigningKeyOf(state_, entry->header().author, entry->header().authority_key_id);
  if (key && entry->VerifySignature(*key)) piece.good_under[position] = key;
}

absl::Status Auditor::CheckCertificate(const v1::FinalBlock& block, const Piece& piece) const {
  if (static_cast<std::size_t>(block.tail_size()) > kTailHeadersMax) {
    return Wrong("certificate", "too many TAIL blocks lead to it");
  }
  const auto last = LastOfChain({piece.header, BlockHash(piece.header_bytes)},
                                {block.tail().begin(), block.tail().end()});
  if (!last.ok()) return Prefixed("certificate", last.status());
  const auto certificate = CheckFinal(*last, block.certificate(), voters_);
  return certificate.ok() ? absl::OkStatus() : Prefixed("certificate", certificate.status());
}

absl::Status Auditor::CheckRestarted(const v1::RestartAct& act, const Piece& piece) const {
  const auto& restart = *piece.restart;
  if (!restart.ok()) return Prefixed("restart", restart.status());
  if (restart->block.hash != tip_hash_) {
    return Wrong("restart", "the act does not name the block before");
  }
  // Where an epoch began on that block, it was shown to be final.
  const std::vector<rules::EpochView> epochs = rules::EpochsUpTo(state_, EpochAfter(tip_));
  if (tip_.height == Height(0) ||
      (epochs.back().begun_by == tip_.height && certified_ == tip_.height)) {
    return act.certificate().empty()
               ? absl::OkStatus()
               : Wrong("restart", "the act brings a certificate where none is needed");
  }
  const VoterSet& voters =
      tip_.epoch == epochs.back().epoch ? epochs.back().voters : epochs[epochs.size() - 2].voters;
  const auto shown = CheckRestartCertificate(act, *restart, voters);
  return shown.ok() ? shown : Prefixed("restart", shown);
}

absl::Status Auditor::CheckBlock(const Piece& piece) {
  if (auto status = CheckFrame(piece); !status.ok()) return status;
  if (auto status = CheckLimits(piece); !status.ok()) return status;
  const rules::BlockStart start{.height = piece.header.height,
                                .first_index = piece.header.first_index,
                                .parent = tip_hash_,
                                .parent_time = tip_.time,
                                .time = piece.header.time};
  if (state_known_) return CheckContent(piece, start, {});
  return CheckUnseenContent(piece, start, rules::KeysThatMayTakeForce(start, state_));
}

absl::Status Auditor::CheckUnseenContent(const Piece& piece, const rules::BlockStart& start,
                                         std::span<const MemberCode> may) {
  for (const MemberCode& code : may) {
    if (!unchecked_waits_.contains(code)) ++counts_.waits_unchecked;
  }
  unchecked_waits_ = {may.begin(), may.end()};
  if (may.empty()) return CheckContent(piece, start, {});
  if (may.size() > kUncertainKeysMax) {
    return absl::FailedPreconditionError(absl::StrCat(
        "cannot be checked: ", may.size(),
        " new keys may take force, which only a reader who sees all bodies can tell apart"));
  }
  // What a trial changes before it fails.
  const MerkleFrontier frontier = frontier_;
  const AuthorHeads heads = heads_;
  const AuditCounts counts = counts_;
  absl::Status first;
  for (std::uint32_t choice = 0; choice < 1u << may.size(); ++choice) {
    std::vector<MemberCode> in_force;
    for (std::size_t i = 0; i < may.size(); ++i) {
      if ((choice >> i & 1u) != 0) in_force.push_back(may[i]);
    }
    absl::Status status = CheckContent(piece, start, in_force);
    if (status.ok()) return status;
    if (choice == 0) first = std::move(status);
    frontier_ = frontier;
    heads_ = heads;
    counts_ = counts;
  }
  return first;
}

absl::Status Auditor::CheckContent(const Piece& piece, const rules::BlockStart& start,
                                   std::span<const MemberCode> in_force) {
  StateOverlay overlay(&state_);
  if (piece.restart) rules::RestartEpoch(tip_, piece.header.epoch, overlay);
  if (state_known_) {
    rules::BeginBlock(start, overlay);
  } else {
    rules::BeginUnseenBlock(start, in_force, overlay);
  }
  if (auto status = ApplyEntries(piece, overlay); !status.ok()) return status;
  if (auto status = CheckClaims(piece, overlay); !status.ok()) return status;
  if (!piece.certificate_status.ok()) return piece.certificate_status;

  if (piece.header.kind == BlockKind::kClosing) {
    voters_ = rules::VotersOf(overlay);
  }
  state_.Apply(overlay.TakeWrites());
  tip_ = piece.header;
  tip_hash_ = BlockHash(piece.header_bytes);
  ++counts_.blocks;
  if (piece.restart) ++counts_.restarts;
  if (piece.has_certificate) {
    ++counts_.certificates;
    certified_ = tip_.height;
  }
  if (watched_size_ == tip_.tree_size) watched_root_ = tip_.tree_root;
  return absl::OkStatus();
}

// What a header must say whatever its entries are.
absl::Status Auditor::CheckFrame(const Piece& piece) const {
  const BlockHeader& header = piece.header;
  if (header.kind == BlockKind::kTail) return Wrong("kind", "a TAIL block is no block of the log");
  if (tip_.kind == BlockKind::kClosing && certified_ != tip_.height && !piece.restart) {
    return Wrong("certificate", "the epoch before is not shown to be closed");
  }
  const absl::Status checks[] = {
      CheckSame("ledger", header.ledger_id, tip_.ledger_id),
      CheckSame("epoch", header.epoch.value(),
                (piece.restart ? (*piece.restart)->epoch : EpochAfter(tip_)).value()),
      CheckSame("height", header.height.value(), tip_.height.value() + 1),
      CheckSame("parent", header.parent, tip_hash_),
      CheckSame("first index", header.first_index.value(), tip_.tree_size),
      CheckSame("tree size", header.tree_size, tip_.tree_size + piece.entries.size()),
  };
  for (const absl::Status& check : checks) {
    if (!check.ok()) return check;
  }
  if (header.epoch == tip_.epoch && header.view <= tip_.view)
    return Wrong("view", "it is not above its parent's");
  if (header.time <= tip_.time) return Wrong("time", "it is not later than its parent's");
  return absl::OkStatus();
}

absl::Status Auditor::CheckLimits(const Piece& piece) const {
  if (piece.entries.size() > kBlockEntriesMax)
    return Wrong("limits", "too many entries in a block");
  std::size_t bytes = 0;
  std::map<MemberCode, std::size_t> per_author;
  for (std::size_t i = 0; i < piece.entries.size(); ++i) {
    const auto& entry = piece.entries[i];
    if (!entry.ok()) return Prefixed(absl::StrCat("entry ", i, " of the block"), entry.status());
    bytes += entry->size_bytes();
    if (++per_author[entry->header().author] > kAuthorEntriesPerBlockMax) {
      return Wrong("limits", absl::StrCat("too many entries of ", entry->header().author.str()));
    }
  }
  if (bytes > kBlockBytesMax) return Wrong("limits", "too many bytes of entries in a block");
  return absl::OkStatus();
}

// What must hold of an entry even when its body is not shown.
absl::Status Auditor::CheckLink(const Entry& entry, Time block_time) const {
  const EntryHeader& header = entry.header();
  const auto found = heads_.find(header.author);
  const AuthorHead head = found == heads_.end() ? AuthorHead{} : found->second;
  if (header.ledger_id != act_.ledger_id) return Wrong("entry", "it is for another ledger");
  if (header.sequence != head.sequence.next()) {
    return Wrong("sequence", absl::StrCat("it is ", header.sequence.value(), ", the next of ",
                                          header.author.str(), " is ", head.sequence.value() + 1));
  }
  if (header.previous != head.leaf_hash) {
    return Wrong("sequence", "it does not follow its author's entry before");
  }
  if (header.not_after < block_time) return Wrong("not_after", "it was over at the block's time");
  return absl::OkStatus();
}

absl::Status Auditor::CheckSignature(const Entry& entry, const std::optional<PublicKey>& good_under,
                                     const StateView& state) {
  const EntryHeader& header = entry.header();
  const auto key = rules::SigningKeyOf(state, header.author, header.authority_key_id);
  if (!key)
    return Wrong("signature", absl::StrCat("its key is not in force for ", header.author.str()));
  if (good_under != key && !entry.VerifySignature(*key)) {
    return Wrong("signature",
                 absl::StrCat("it is not by the authority key of ", header.author.str()));
  }
  ++counts_.signatures;
  return absl::OkStatus();
}

absl::Status Auditor::ApplyEntries(const Piece& piece, StateOverlay& overlay) {
  bool closing = false;
  for (std::size_t i = 0; i < piece.entries.size(); ++i) {
    const Entry& entry = *piece.entries[i];
    const EntryIndex index(frontier_.size());
    const std::string where =
        absl::StrCat("entry ", index.value(), " (", EntryName(entry.header()), ")");
    if (closing) {
      return Prefixed(where, Wrong("kind",
                                   "the entry before it changes the voters, and is the "
                                   "last of its block"));
    }
    if (auto status = CheckLink(entry, piece.header.time); !status.ok())
      return Prefixed(where, status);
    if (auto status = CheckSignature(entry, piece.good_under[i], overlay); !status.ok()) {
      return Prefixed(where, status);
    }
    if (!entry.has_body()) {
      ++counts_.bodies_hidden;
      if (state_known_) rules::ForgetParameters(overlay);
      state_known_ = false;
      const auto author = rules::MemberOf(overlay, entry.header().author);
      if (author && !author->releasers.empty()) ++counts_.releases_unchecked;
    }
    const rules::Position position{index, piece.header.height, piece.header.time};
    if (!state_known_) ++counts_.rules_unchecked;
    if (const auto refusal = state_known_ ? rules::Apply(entry, position, overlay)
                                          : rules::ApplyMembership(entry, position, overlay)) {
      return Prefixed(where, Wrong("rules", absl::StrCat(refusal->reason, ": ", refusal->message)));
    }
    closing = rules::CloseEpochIfVotersChanged(tip_, piece.header.epoch, overlay);
    frontier_.Append(entry.leaf_hash(), nullptr);
    heads_[entry.header().author] = {entry.header().sequence, entry.leaf_hash()};
    ++counts_.entries;
  }
  if (closing != (piece.header.kind == BlockKind::kClosing)) {
    return Wrong("kind", closing
                             ? "its last entry changes the voters, and it does not close the epoch"
                             : "it closes the epoch, and no entry of it changes the voters");
  }
  return absl::OkStatus();
}

// What the header says of the log and the state after the block.
absl::Status Auditor::CheckClaims(const Piece& piece, StateOverlay& overlay) {
  const BlockHeader& header = piece.header;
  const absl::Status checks[] = {
      CheckSame("tree root", header.tree_root, frontier_.Root()),
      CheckSame("author heads root", header.author_heads_root,
                piece.entries.empty() ? tip_.author_heads_root : AuthorHeadsRoot(heads_)),
  };
  for (const absl::Status& check : checks) {
    if (!check.ok()) return check;
  }
  std::vector<Salt> salts;
  for (const auto& entry : piece.entries) {
    if (state_known_) salts.push_back(entry->salt());
  }
  const Hash digest = state_known_
                          ? NextStateDigest(tip_.state_digest, SaltsHash(salts), overlay.writes())
                          : header.state_digest;
  if (!state_known_) ++counts_.digests_unchecked;
  const bool changed = rules::TouchesMembership(overlay.writes());
  const absl::Status state_checks[] = {
      CheckSame("state digest", header.state_digest, digest),
      CheckSame("voters hash", header.voters_hash,
                changed ? rules::VotersOf(overlay).hash() : tip_.voters_hash),
      CheckSame("members hash", header.members_hash,
                changed ? MembersHash(rules::MembersOf(overlay)) : tip_.members_hash),
  };
  for (const absl::Status& check : state_checks) {
    if (!check.ok()) return check;
  }
  return absl::OkStatus();
}

}  // namespace assent
