#include "node/execution/execution.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "ledger/check.h"
#include "node/execution/draft.h"

namespace assent::execution {
namespace {

absl::Status Wrong(std::string_view claim, std::string_view claimed, std::string_view expected) {
  return absl::InvalidArgumentError(absl::StrCat("the block's header claims ", AbslView(claim), " ",
                                                 AbslView(claimed), ", it must be ",
                                                 AbslView(expected)));
}

absl::Status CheckNumber(std::string_view claim, std::uint64_t claimed, std::uint64_t expected) {
  if (claimed == expected) return absl::OkStatus();
  return Wrong(claim, std::to_string(claimed), std::to_string(expected));
}

template <class Bytes>
absl::Status CheckBytes(std::string_view claim, const Bytes& claimed, const Bytes& expected) {
  if (claimed == expected) return absl::OkStatus();
  return Wrong(claim, claimed.hex(), expected.hex());
}

// What a header must claim whatever the entries say; checked first because it costs nothing.
absl::Status CheckFrame(const ExecutedBlock& parent, const BlockHeader& header,
                        std::string_view header_bytes, std::optional<Epoch> restarted) {
  if (EncodeBlockHeader(header) != header_bytes) {
    return absl::InvalidArgumentError("the block's header is not what its bytes say");
  }
  if (header.kind == BlockKind::kTail) {
    return absl::InvalidArgumentError("a TAIL block is no block of the log");
  }
  const BlockHeader& before = parent.header;
  const absl::Status checks[] = {
      CheckBytes("ledger", header.ledger_id, before.ledger_id),
      CheckNumber("epoch", header.epoch.value(), restarted.value_or(EpochAfter(before)).value()),
      CheckNumber("height", header.height.value(), before.height.value() + 1),
      CheckBytes("parent", header.parent, parent.hash),
      CheckNumber("first index", header.first_index.value(), before.tree_size),
  };
  for (const absl::Status& check : checks) {
    if (!check.ok()) return check;
  }
  const View view_before = header.epoch == before.epoch ? before.view : View(0);
  if (header.view <= view_before) {
    return Wrong("view", std::to_string(header.view.value()),
                 "higher than its parent's " + std::to_string(view_before.value()));
  }
  if (header.time <= before.time) {
    return Wrong("time", FormatTime(header.time),
                 "later than its parent's " + FormatTime(before.time));
  }
  return absl::OkStatus();
}

// The claims that follow from the entries.
absl::Status CompareClaims(const BlockHeader& claimed, const BlockHeader& computed) {
  const absl::Status checks[] = {
      CheckNumber("kind", static_cast<std::uint64_t>(claimed.kind),
                  static_cast<std::uint64_t>(computed.kind)),
      CheckBytes("tree root", claimed.tree_root, computed.tree_root),
      CheckBytes("state digest", claimed.state_digest, computed.state_digest),
      CheckBytes("author heads root", claimed.author_heads_root, computed.author_heads_root),
      CheckBytes("voters hash", claimed.voters_hash, computed.voters_hash),
      CheckBytes("members hash", claimed.members_hash, computed.members_hash),
  };
  for (const absl::Status& check : checks) {
    if (!check.ok()) return check;
  }
  // Every field of a header is named here or in CheckFrame; this catches one that is added and
  // forgotten.
  if (claimed != computed) {
    return absl::InvalidArgumentError("the block's header differs from the computed one");
  }
  return absl::OkStatus();
}

std::string NameOf(const Entry& entry) {
  return absl::StrCat(entry.header().author.str(), "/", entry.header().sequence.value());
}

// Are these the entries that the header speaks of? Their number and root say so, and that none
// came without its body.
absl::Status CheckEntries(const ExecutedBlock& parent, const BlockHeader& header,
                          const std::vector<EntryPtr>& entries) {
  MerkleFrontier frontier = parent.frontier;
  bool whole = true;
  for (const EntryPtr& entry : entries) {
    frontier.Append(entry->leaf_hash(), nullptr);
    whole = whole && entry->has_body();
  }
  if (whole && frontier.size() == header.tree_size && frontier.Root() == header.tree_root) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError("these are not the entries that the block's header names");
}

absl::Status AppendAll(const std::vector<EntryPtr>& entries, Draft& draft) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Entry& entry = *entries[i];
    if (const absl::Status room = draft.CheckRoom(entry); !room.ok()) {
      return absl::InvalidArgumentError(absl::StrCat("entry ", i, " of the block (", NameOf(entry),
                                                     ") must not stand in it: ", room.message()));
    }
    if (const auto refusal = draft.Append(entries[i])) {
      return absl::InvalidArgumentError(absl::StrCat("entry ", i, " of the block (", NameOf(entry),
                                                     ") is refused: ", refusal->reason, ": ",
                                                     refusal->message));
    }
  }
  return absl::OkStatus();
}

absl::Status Damaged(std::string_view what, const replica::Tip& tip) {
  return absl::DataLossError(absl::StrCat("the database is damaged: the stored ", AbslView(what),
                                          " at height ", tip.header.height.value(),
                                          " is not what the block's header claims"));
}

}  // namespace

absl::StatusOr<ExecutedPtr> Executor::FromStore(const replica::ReadView& view) {
  const replica::Tip& tip = view.tip();
  auto frontier = ReadFrontier(
      tip.header.tree_size,
      [&view](std::uint8_t level, std::uint64_t index) { return view.MerkleNodeAt(level, index); });
  if (!frontier.ok()) return frontier.status();

  auto block = std::make_shared<ExecutedBlock>();
  block->header = tip.header;
  block->header_bytes = tip.header_bytes;
  block->hash = tip.hash;
  block->frontier = *std::move(frontier);
  block->heads = rules::AllHeads(view.state());

  if (block->frontier.Root() != tip.header.tree_root) return Damaged("tree", tip);
  if (AuthorHeadsRoot(block->heads) != tip.header.author_heads_root) {
    return Damaged("list of authors' newest entries", tip);
  }
  if (rules::VotersOf(view.state()).hash() != tip.header.voters_hash) {
    return Damaged("list of voters", tip);
  }
  if (MembersHash(rules::MembersOf(view.state())) != tip.header.members_hash) {
    return Damaged("list of members", tip);
  }
  return block;
}

BuiltBlock Executor::Build(const ExecutedPtr& parent, const BlockFrame& frame,
                           const std::vector<EntryPtr>& candidates) const {
  ASSENT_CHECK(frame.time > parent->header.time);
  Draft draft(state_, verified_, *parent, frame);
  BuiltBlock built;
  std::set<MemberCode> ended;  // authors of whom nothing more can follow in this block
  for (const EntryPtr& entry : candidates) {
    const MemberCode& author = entry->header().author;
    if (ended.contains(author)) continue;
    if (!draft.CheckRoom(*entry).ok()) {
      ended.insert(author);
      continue;
    }
    if (auto refusal = draft.Append(entry)) {
      ended.insert(author);
      built.left_out.push_back({entry, *std::move(refusal)});
    }
  }
  const BlockHeader header = draft.Claims();
  built.block = std::move(draft).Finish(header, EncodeBlockHeader(header));
  return built;
}

absl::StatusOr<ExecutedPtr> Executor::Execute(const ExecutedPtr& parent, const BlockHeader& header,
                                              std::string header_bytes,
                                              const std::vector<EntryPtr>& entries,
                                              std::optional<Epoch> restarted) const {
  absl::Status status = CheckFrame(*parent, header, header_bytes, restarted);
  if (!status.ok()) return status;
  status = CheckEntries(*parent, header, entries);
  if (!status.ok()) return status;
  Draft draft(state_, verified_, *parent, BlockFrame{header.epoch, header.view, header.time});
  status = AppendAll(entries, draft);
  if (!status.ok()) return status;
  status = CompareClaims(header, draft.Claims());
  if (!status.ok()) return status;
  return std::move(draft).Finish(header, std::move(header_bytes));
}

std::vector<MemberIdentity> Executor::MembersAfter(const ExecutedBlock& block) const {
  return rules::MembersOf(*LayeredState(state_, block.layer.get()).view());
}

CommittedBlock Executor::MakeCommit(const ExecutedBlock& block, std::string certificate,
                                    std::vector<std::string> tail) {
  ASSENT_CHECK(block.layer != nullptr);
  return CommittedBlock{block.header,       block.header_bytes, block.hash,  std::move(certificate),
                        std::move(tail),    block.entries,      block.types, block.merkle_nodes,
                        block.layer->writes};
}

ExecutedPtr Executor::AsRoot(const ExecutedBlock& block) {
  auto root = std::make_shared<ExecutedBlock>(block);
  root->layer = nullptr;
  // Its own writes stay: blocks on top read through them, which is harmless, and they are freed
  // with the block.
  if (block.layer != nullptr) block.layer->below = nullptr;
  return root;
}

}  // namespace assent::execution
