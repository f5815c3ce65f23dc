#include "tests/bench/scale/chain.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/crypto/hash.h"
#include "ledger/limits.h"
#include "ledger/log/checkpoint.h"
#include "ledger/membership/certificate.h"
#include "ledger/rules/rules.h"

namespace assent::bench {

absl::StatusOr<std::unique_ptr<Chain>> Chain::Make(const std::string& path, const FoundingAct& act,
                                                   std::vector<State>& states) {
  const storage::OpenOptions options{.path = path, .ledger_id = act.ledger_id, .fatal = nullptr};
  absl::Status made =
      storage::RocksStore::Create(options, rules::MakeGenesis(act), storage::Start::kFounding);
  if (!made.ok()) return made;
  auto store = storage::RocksStore::Open(options);
  if (!store.ok()) return store.status();
  auto tip = execution::Executor::FromStore(*(*store)->Read());
  if (!tip.ok()) return tip.status();
  return std::unique_ptr<Chain>(new Chain(act, states, *std::move(store), *std::move(tip)));
}

Chain::Chain(const FoundingAct& act, std::vector<State>& states,
             std::unique_ptr<storage::RocksStore> store, execution::ExecutedPtr tip)
    : act_(act),
      states_(states),
      voters_(act.voters()),
      store_(std::move(store)),
      executor_(&state_),
      tip_(std::move(tip)) {
  state_.view = store_->Read();
}

absl::StatusOr<EntryIndex> Chain::File(State& author, v1::Body body) {
  body.set_issued_at_us(time_.us);
  EntryHeader header;
  header.ledger_id = act_.ledger_id;
  header.author = author.code;
  header.sequence = author.head.sequence.next();
  header.previous = author.head.leaf_hash;
  header.not_after = time_ + Days(365);
  const std::string bytes = body.SerializeAsString();
  const Salt salt = *Salt::From(
      Sha256({author.code.str(), std::to_string(header.sequence.value()), bytes}).view());
  auto entry = SignEntry(header, bytes, salt, author.authority);
  if (!entry.ok()) return entry.status();

  const bool full =
      filed_.size() == kBlockEntriesMax || filed_bytes_ + entry->size_bytes() > kBlockBytesMax;
  if (full) {
    if (const absl::Status ended = EndBlock(); !ended.ok()) return ended;
    time_ = time_ + Seconds(1);
  }
  author.head = {header.sequence, entry->leaf_hash()};
  filed_bytes_ += entry->size_bytes();
  filed_.push_back(std::make_shared<const Entry>(*std::move(entry)));
  return EntryIndex(entries() - 1);
}

absl::Status Chain::EndBlock() {
  const std::vector<EntryPtr> filed = std::exchange(filed_, {});
  filed_bytes_ = 0;
  if (filed.empty()) return absl::OkStatus();
  const execution::BuiltBlock built =
      executor_.Build(tip_, {tip_->header.epoch, tip_->header.view.next(), time_}, filed);
  if (built.block->entries.size() != filed.size()) {
    if (built.left_out.empty()) return absl::InternalError("a block has no room for its entries");
    const execution::LeftOut& first = built.left_out.front();
    return absl::InvalidArgumentError(absl::StrCat(
        first.entry->header().author.str(), "/", first.entry->header().sequence.value(),
        " is refused: ", first.refusal.reason, ": ", first.refusal.message));
  }
  replica::Batch batch;
  batch.blocks.push_back(execution::Executor::MakeCommit(*built.block, Certify(*built.block)));
  if (const absl::Status written = store_->Write(batch); !written.ok()) return written;
  state_.view = store_->Read();
  tip_ = execution::Executor::AsRoot(*built.block);
  return absl::OkStatus();
}

std::string Chain::Certify(const execution::ExecutedBlock& block) const {
  Certificate certificate;
  certificate.statement = {VoteKind::kFinalize, block.header.epoch, block.header.view, block.hash};
  for (std::size_t i = 0; i < voters_.size(); ++i) {
    certificate.votes.emplace_back(
        i, SignStatement(certificate.statement, act_.ledger_id, states_[i].node.vote));
  }
  return EncodeCertificate(certificate, voters_.size());
}

absl::Status Chain::WriteCheckpoint() {
  const BlockHeader& newest = tip_->header;
  const Checkpoint checkpoint{act_.text.origin, newest.tree_size, newest.tree_root};
  replica::CheckpointRecord record{newest.height, newest.tree_size, newest.tree_root, {}};
  for (std::size_t i = 0; i < kVotingStates; ++i) {
    record.signatures[states_[i].code] = SignCheckpoint(checkpoint, states_[i].node.checkpoint);
  }
  replica::Batch batch;
  batch.checkpoint = std::move(record);
  return store_->Write(batch);
}

}  // namespace assent::bench
