#include "tests/unit/node/query/filled_ledger.h"

#include <stdexcept>
#include <utility>

#include "ledger/crypto/hash.h"
#include "ledger/rules/rules.h"

namespace assent::query {

using execution::ExecutedPtr;
using execution::Executor;

std::optional<std::string> FilledLedger::Committed::Get(std::string_view key) const {
  return store_->Read()->state().Get(key);
}

void FilledLedger::Committed::Scan(std::string_view prefix, std::string_view from,
                                   Visitor visit) const {
  store_->Read()->state().Scan(prefix, from, visit);
}

FilledLedger::FilledLedger()
    : ledger_(3),
      store_(rules::MakeGenesis(ledger_.act), /*founding=*/true),
      state_(&store_),
      executor_(&state_),
      tip_(Executor::FromStore(*store_.Read()).value()) {}

EntryIndex FilledLedger::File(std::string_view author, const v1::Body& body) {
  AuthorHead& head = heads_[std::string(author)];
  auto entry =
      std::make_shared<const Entry>(testing::MakeEntry(ledger_, ledger_.state(author), head, body));
  head = {entry->header().sequence, entry->leaf_hash()};
  filed_.push_back(std::move(entry));
  return EntryIndex(tip_->header.tree_size + filed_.size() - 1);
}

void FilledLedger::Commit(std::string certificate) {
  const std::uint64_t height = tip_->header.height.value() + 1;
  const execution::BuiltBlock built =
      executor_.Build(tip_, {Epoch(1), View(height), TimeOf(height)}, filed_);
  if (!built.left_out.empty()) throw std::logic_error(built.left_out.front().refusal.message);
  replica::Batch batch;
  batch.blocks.push_back(Executor::MakeCommit(*built.block, std::move(certificate)));
  if (!store_.Write(batch).ok()) throw std::logic_error("the store does not write");
  tip_ = Executor::AsRoot(*built.block);
  filed_.clear();
}

EntryIndex FilledLedger::Add(std::string_view author, const v1::Body& body) {
  const EntryIndex index = File(author, body);
  Commit();
  return index;
}

void FilledLedger::AppointChair(std::string_view member) {
  const Time decided = TimeOf(tip_->header.height.value() + 2);
  v1::Body body;
  body.set_visibility(v1::PUBLIC);
  body.set_issued_at_us(testing::kFounded.us);
  v1::ChairTerm& term = *body.mutable_chair_term();
  term.set_chair(std::string(member));
  term.set_from_us(decided.us);
  term.set_until_us((decided + Days(365)).us);
  const EntryIndex question = File(member, body);
  body.mutable_endorsement()->set_question(question.value());
  Commit();
  for (const char* founder : {"AAA", "BBB", "CCC"}) {
    if (founder != member) File(founder, body);
  }
  Commit();
}

void FilledLedger::KeepEvidence(const std::string& key, const std::string& value) {
  replica::Batch batch;
  batch.evidence.emplace_back(key, value);
  if (!store_.Write(batch).ok()) throw std::runtime_error("evidence was not written");
}

void FilledLedger::SetCheckpoint(const replica::CheckpointRecord& record) {
  replica::Batch batch;
  batch.checkpoint = record;
  if (!store_.Write(batch).ok()) throw std::logic_error("the store does not write");
}

Time FilledLedger::TimeOf(std::uint64_t height) {
  return testing::kFounded + Hours(static_cast<std::int64_t>(height));
}

v1::Body PublicNotification(std::string_view reference) {
  return testing::NotificationBody(reference);
}

v1::Body MembersNotification(std::string_view reference) {
  v1::Body body = testing::NotificationBody(reference);
  body.set_visibility(v1::MEMBERS);
  return body;
}

namespace {

v1::Body MembersBody() {
  v1::Body body;
  body.set_visibility(v1::MEMBERS);
  body.set_issued_at_us(testing::kFounded.us);
  return body;
}

}  // namespace

v1::Body Amending(EntryIndex target, v1::Body body) {
  body.set_supersedes(target.value());
  return body;
}

v1::Body Report(EntryIndex notification) {
  v1::Body body = MembersBody();
  body.mutable_launch_report()->set_notification(notification.value());
  body.mutable_launch_report()->set_launched_at_us(testing::kFounded.us);
  body.mutable_launch_report()->set_outcome(v1::LAUNCHED);
  return body;
}

v1::Body Withdraw(EntryIndex target) {
  v1::Body body = MembersBody();
  body.set_visibility(v1::PUBLIC);
  body.mutable_withdrawal()->set_target(target.value());
  body.mutable_withdrawal()->set_reason("filed twice");
  return body;
}

v1::Body OpenRevision(std::string_view title, std::string_view text, std::uint32_t replaces) {
  v1::Body body = MembersBody();
  body.mutable_revision_open()->set_replaces(replaces);
  body.mutable_revision_open()->set_title(std::string(title));
  body.mutable_revision_open()->set_text(std::string(text));
  return body;
}

v1::Body SignRevision(EntryIndex round, std::string_view text, std::uint32_t replaces) {
  v1::Body body = MembersBody();
  body.mutable_revision_sign()->set_round(round.value());
  body.mutable_revision_sign()->set_text_hash(Sha256(text).str());
  body.mutable_revision_sign()->set_replaces(replaces);
  body.mutable_revision_sign()->set_membership(0);
  return body;
}

v1::Body ObjectToRevision(EntryIndex round) {
  v1::Body body = MembersBody();
  body.mutable_revision_object()->set_round(round.value());
  body.mutable_revision_object()->set_reason("not agreed");
  return body;
}

v1::Body PresentRevision(EntryIndex round, std::string_view title, std::string_view text) {
  v1::Body body = MembersBody();
  body.set_visibility(v1::PUBLIC);
  body.mutable_revision_present()->set_round(round.value());
  body.mutable_revision_present()->set_title(std::string(title));
  body.mutable_revision_present()->set_text(std::string(text));
  return body;
}

v1::Body DraftRevision(std::string_view title, std::string_view text) {
  v1::Body body = MembersBody();
  body.mutable_revision_draft()->set_replaces(0);
  body.mutable_revision_draft()->set_title(std::string(title));
  body.mutable_revision_draft()->set_text(std::string(text));
  return body;
}

v1::Body CirculateDraft(EntryIndex draft) {
  v1::Body body = MembersBody();
  body.mutable_revision_circulate()->set_draft(draft.value());
  return body;
}

v1::Body ReceiveDraft(EntryIndex draft_or_summary, std::string_view text) {
  v1::Body body = MembersBody();
  body.mutable_revision_receipt()->set_received(draft_or_summary.value());
  body.mutable_revision_receipt()->set_text_hash(Sha256(text).str());
  return body;
}

v1::Body CommentOnDraft(EntryIndex draft, std::string_view text) {
  v1::Body body = MembersBody();
  body.mutable_revision_comment()->set_draft(draft.value());
  body.mutable_revision_comment()->set_text(std::string(text));
  return body;
}

v1::Body SummariseDraft(EntryIndex draft, std::string_view text) {
  v1::Body body = MembersBody();
  body.mutable_revision_summary()->set_draft(draft.value());
  body.mutable_revision_summary()->set_text(std::string(text));
  return body;
}

}  // namespace assent::query
