// What a client checks without trusting the node, by what it holds already: the founding act, and
// roots, which are those of the second reading.
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/crypto/hash.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/merkle.h"
#include "ledger/receipt/epoch_walk.h"
#include "ledger/receipt/make_proofs.h"
#include "ledger/receipt/receipt.h"
#include "ledger/receipt/receipt_file.h"
#include "node/query/blocks.h"
#include "node/query/proofs.h"
#include "tests/simulation/readers.h"

namespace assent::simulation {
namespace {

constexpr std::uint32_t kAuditedBlocksMax = 20;

std::vector<Hash> HashesOf(const google::protobuf::RepeatedPtrField<std::string>& bytes) {
  std::vector<Hash> hashes;
  for (const std::string& each : bytes) hashes.push_back(Hash::From(each).value_or(Hash()));
  return hashes;
}

// A block of which the certificate may not be here yet.
bool MayWait(const replica::ReadView& view, Height height) {
  const auto block = view.BlockAt(height);
  return block.ok() && block->certificate.empty();
}

}  // namespace

void Readers::Receipt(const Call& call) {
  const std::uint64_t index = random_.Below(history().leaves().size() + 2);
  const auto receipt = query::MakeReceipt(call.view, call.reader, EntryIndex(index));
  if (index >= call.tree_size()) {
    if (!absl::IsNotFound(receipt.status())) Fail("a receipt of an entry that is not final there");
    return;
  }
  const Height height(history().filed()[index].height);
  if (absl::IsUnavailable(receipt.status()) && MayWait(call.view, height)) return;
  if (!receipt.ok()) {
    return Fail(absl::StrCat("no receipt of entry ", index, ": ", receipt.status().message()));
  }
  const auto proof = VerifyReceipt(FormatReceiptFile(*receipt), parts_->ledger.act);
  if (!proof.ok()) {
    return Fail(absl::StrCat("the receipt of entry ", index, ": ", proof.status().message()));
  }
  if (receipt->index() != index || !IsShown(call, receipt->entry(), index) ||
      BlockHash(receipt->header()) != history().At(height).hash) {
    Fail(absl::StrCat("the receipt of entry ", index, " is of another, or of another block"));
  }
}

// By a quorum of those whose votes count at its height, to whom the answer leads.
void Readers::Checkpoint(const Call& call) {
  const std::string& origin = parts_->ledger.act.text.origin;
  const auto answer = query::PublicCheckpoint(call.view, origin);
  if (absl::IsNotFound(answer.status())) return;
  if (!answer.ok()) return Fail(absl::StrCat("no checkpoint: ", answer.status().message()));
  const auto note = ParseNote(answer->note());
  const auto epoch = WalkEpochs(answer->epochs(), parts_->ledger.act);
  if (!note.ok() || !epoch.ok()) {
    return Fail(absl::StrCat("a checkpoint: ", note.status().message(), epoch.status().message()));
  }
  const assent::Checkpoint& said = note->checkpoint;
  if (answer->height() > call.now.header.height.value()) return Fail("a checkpoint is too early");
  const BlockHeader& block = history().At(Height(answer->height())).header;
  const std::vector<Voter>& voters = *history().VotersOf(block.epoch);
  if (said.origin != origin || said.tree_size != block.tree_size ||
      said.root != history().RootOf(block.tree_size) || epoch->epoch != block.epoch ||
      epoch->voters.voters() != voters) {
    return Fail(absl::StrCat("the checkpoint of height ", answer->height(), " is another"));
  }
  std::size_t good = 0;
  for (const Voter& voter : voters) {
    const std::uint32_t id = NoteKeyId(origin, voter.checkpoint_key);
    for (const NoteSignature& line : note->signatures) {
      if (line.key_id != id) continue;
      if (VerifyCheckpoint(said, voter.checkpoint_key, line.signature)) ++good;
    }
  }
  if (3 * good <= 2 * voters.size()) {
    Fail(absl::StrCat("a checkpoint is public by ", good, " of ", voters.size()));
  }
}

void Readers::Consistency(const Call& call) {
  v1::GetConsistencyProofRequest request;
  request.set_first_size(random_.Below(call.tree_size() + 2));
  request.set_second_size(random_.Below(call.tree_size() + 2));
  const std::uint64_t first = request.first_size(), second = request.second_size();
  const auto proof = ProveConsistency(call.view, request);
  if (first == 0 || first > second) {
    if (!absl::IsInvalidArgument(proof.status())) Fail("a proof of what is no beginning");
    return;
  }
  if (second > call.tree_size()) {
    if (!absl::IsOutOfRange(proof.status())) Fail("a proof of a tree that is not final there");
    return;
  }
  const absl::Status good =
      proof.ok() ? VerifyConsistency(first, history().RootOf(first), second,
                                     history().RootOf(second), HashesOf(proof->hashes()))
                 : proof.status();
  if (!good.ok()) {
    Fail(absl::StrCat("that ", first, " entries begin ", second, ": ", good.message()));
  }
}

void Readers::Inclusion(const Call& call) {
  v1::GetInclusionProofRequest request;
  request.set_index(random_.Below(call.tree_size() + 1));
  request.set_tree_size(random_.Below(call.tree_size() + 2));
  const std::uint64_t index = request.index(), size = request.tree_size();
  const auto proof = ProveInclusion(call.view, request);
  if (index >= size) {
    if (!absl::IsInvalidArgument(proof.status())) Fail("a proof of what is not in the tree");
    return;
  }
  if (size > call.tree_size()) {
    if (!absl::IsOutOfRange(proof.status())) Fail("a proof of a tree that is not final there");
    return;
  }
  const absl::Status good = proof.ok()
                                ? VerifyInclusion(history().leaves()[index], index, size,
                                                  HashesOf(proof->hashes()), history().RootOf(size))
                                : proof.status();
  if (!good.ok()) Fail(absl::StrCat("entry ", index, " among ", size, ": ", good.message()));
}

void Readers::CheckBlock(const Call& call, const v1::FinalBlock& block, Height height) {
  const History::Moment& then = history().At(height);
  const std::uint64_t first = then.header.first_index.value();
  bool same = BlockHash(block.header()) == then.hash &&
              static_cast<std::uint64_t>(block.entries_size()) == then.header.tree_size - first;
  for (int i = 0; same && i < block.entries_size(); ++i) {
    same = IsShown(call, block.entries(i), first + static_cast<std::uint64_t>(i));
  }
  if (!same) Fail(absl::StrCat("block ", height.value(), " is another"));
}

// Members audit, each where another has left off; others get what they may see.
void Readers::Blocks(const Call& call) {
  const std::uint64_t newest = call.now.header.height.value();
  const Height audited = auditor_.tip().height;
  const Height from = call.is_member() ? audited.next() : Height(random_.Below(newest + 2));
  const auto range = query::PlanBlocks(call.view, from, kAuditedBlocksMax);
  if (from.value() == 0 || from.value() > newest) {
    if (range.ok()) Fail("blocks that are not final there");
    return;
  }
  if (absl::IsUnavailable(range.status()) && MayWait(call.view, from)) return;
  if (!range.ok()) return Fail(absl::StrCat("no blocks: ", range.status().message()));
  std::vector<v1::FinalBlock> blocks;
  for (Height height = from; height <= range->last; height = height.next()) {
    auto block = query::FinalBlockAt(call.view, call.reader, height);
    if (!block.ok()) return Fail(absl::StrCat("no block: ", block.status().message()));
    CheckBlock(call, *block, height);
    blocks.push_back(*std::move(block));
  }
  if (range->first != from || blocks.empty() || blocks.back().certificate().empty()) {
    Fail("a range of blocks that proves nothing");
  }
  if (!call.is_member()) return;
  if (const absl::Status good = auditor_.Check(blocks); !good.ok()) {
    Fail(absl::StrCat("an audit: ", good.message()));
  }
}

}  // namespace assent::simulation
