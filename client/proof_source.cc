#include "client/proof_source.h"

#include <utility>

#include "client/answers.h"
#include "client/saved_log.h"
#include "ledger/receipt/make_proofs.h"

namespace assent::client {
namespace {

class NodeProofs final : public ProofSource {
 public:
  explicit NodeProofs(std::unique_ptr<Session> session) : session_(std::move(session)) {}

  const FoundingAct& act() const override { return session_->act(); }

  absl::StatusOr<NamedEntry> Find(const v1::GetEntryRequest& name) override {
    const auto answer = session_->Call(&v1::Ledger::Stub::GetEntry, name);
    if (!answer.ok()) return answer.status();
    const auto entry = CheckAnswer(*answer, act());
    if (!entry.ok()) return entry.status();
    if (!IsNamed(*entry, name)) return absl::DataLossError("the node answers with another entry");
    return NamedEntry{entry->index, entry->entry.leaf_hash()};
  }

  absl::StatusOr<v1::Receipt> Receipt(EntryIndex index) override {
    v1::GetReceiptRequest request;
    request.set_index(index.value());
    return session_->Call(&v1::Ledger::Stub::GetReceipt, request);
  }

  absl::StatusOr<v1::Checkpoint> Checkpoint() override {
    return session_->Call(&v1::Ledger::Stub::GetCheckpoint, v1::GetCheckpointRequest());
  }

  absl::StatusOr<v1::Checkpoint> CheckpointOf(std::string note) override {
    const auto newest = Checkpoint();
    if (!newest.ok()) return newest.status();
    v1::Checkpoint checkpoint;
    checkpoint.set_note(std::move(note));
    *checkpoint.mutable_epochs() = newest->epochs();
    return checkpoint;
  }

  absl::StatusOr<v1::InclusionProof> Inclusion(const v1::GetInclusionProofRequest& of) override {
    return session_->Call(&v1::Ledger::Stub::GetInclusionProof, of);
  }

  absl::StatusOr<v1::ConsistencyProof> Consistency(
      const v1::GetConsistencyProofRequest& of) override {
    return session_->Call(&v1::Ledger::Stub::GetConsistencyProof, of);
  }

 private:
  const std::unique_ptr<Session> session_;
};

// Who saved the log saw all bodies: the audit could not be saved otherwise.
class LogProofs final : public ProofSource {
 public:
  LogProofs(std::string folder, FoundingAct act, std::unique_ptr<SavedLog> log)
      : folder_(std::move(folder)), act_(std::move(act)), log_(std::move(log)) {}

  const FoundingAct& act() const override { return act_; }

  absl::StatusOr<NamedEntry> Find(const v1::GetEntryRequest& name) override {
    absl::StatusOr<EntryIndex> index(name.index());
    if (name.has_author_sequence()) {
      const auto author = MemberCode::From(name.author_sequence().author());
      if (!author) return absl::InvalidArgumentError("that is no state's code");
      index = log_->IndexOf(*author, Sequence(name.author_sequence().sequence()));
      if (!index.ok()) return index.status();
    }
    const auto entry = log_->EntryAt(*index);
    if (!entry.ok()) return entry.status();
    return NamedEntry{*index, (*entry)->leaf_hash()};
  }

  absl::StatusOr<v1::Receipt> Receipt(EntryIndex index) override {
    return MakeReceipt(*log_, index, [](const Entry&) { return true; });
  }

  absl::StatusOr<v1::Checkpoint> Checkpoint() override { return LoadCheckpoint(folder_); }

  absl::StatusOr<v1::Checkpoint> CheckpointOf(std::string note) override {
    v1::Checkpoint checkpoint;
    checkpoint.set_note(std::move(note));
    auto status = AddEpochs(*log_, log_->tip().epoch, *checkpoint.mutable_epochs());
    if (!status.ok()) return status;
    return checkpoint;
  }

  absl::StatusOr<v1::InclusionProof> Inclusion(const v1::GetInclusionProofRequest& of) override {
    return ProveInclusion(*log_, of);
  }

  absl::StatusOr<v1::ConsistencyProof> Consistency(
      const v1::GetConsistencyProofRequest& of) override {
    return ProveConsistency(*log_, of);
  }

 private:
  const std::string folder_;
  const FoundingAct act_;
  const std::unique_ptr<SavedLog> log_;
};

}  // namespace

std::unique_ptr<ProofSource> ProofsOfNode(std::unique_ptr<Session> session) {
  return std::make_unique<NodeProofs>(std::move(session));
}

absl::StatusOr<std::unique_ptr<ProofSource>> SavedProofs(const std::string& folder,
                                                         FoundingAct act) {
  auto log = SavedLog::Open(folder, act);
  if (!log.ok()) return log.status();
  return std::make_unique<LogProofs>(folder, std::move(act), *std::move(log));
}

}  // namespace assent::client
