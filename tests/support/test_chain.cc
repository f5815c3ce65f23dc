#include "tests/support/test_chain.h"

#include <memory>
#include <stdexcept>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/entry/proto.h"
#include "ledger/membership/certificate.h"
#include "ledger/rules/rules.h"

namespace assent::testing {

std::optional<std::string> CurrentState::Get(std::string_view key) const {
  return store_->Read()->state().Get(key);
}

void CurrentState::Scan(std::string_view prefix, std::string_view from, Visitor visit) const {
  store_->Read()->state().Scan(prefix, from, visit);
}

TestChain::TestChain(std::size_t members, const ActParameters& parameters)
    : ledger(members, parameters),
      store(rules::MakeGenesis(ledger.act), true),
      tip(execution::Executor::FromStore(*store.Read()).value()) {}

EntryPtr TestChain::File(std::string_view author, const v1::Body& body) {
  const MemberCode code = MemberCode::From(author).value();
  const auto signer = signers_.find(code);
  const TestState& from = signer == signers_.end() ? ledger.state(author) : signer->second;
  AuthorHead& head = heads_[from.code];
  auto entry = std::make_shared<const Entry>(MakeEntry(ledger, from, head, body));
  head = {entry->header().sequence, entry->leaf_hash()};
  return entry;
}

EntryPtr TestChain::Notify(std::string_view author) {
  return File(author, NotificationBody(absl::StrCat("N-", ++references_)));
}

void TestChain::SignWith(std::string_view author, SigningKey key) {
  TestState& signer = signers_.try_emplace(MemberCode::From(author).value(), author).first->second;
  signer.authority = std::move(key);
}

void TestChain::SetHead(std::string_view author, const AuthorHead& head) {
  heads_[ledger.state(author).code] = head;
}

void TestChain::RewindTo(const Entry& entry) {
  heads_[entry.header().author] = {entry.header().sequence, entry.leaf_hash()};
}

execution::BlockFrame TestChain::FrameAfter(const execution::ExecutedPtr& parent) {
  return {parent->header.epoch, parent->header.view.next(), parent->header.time + Seconds(1)};
}

execution::ExecutedPtr TestChain::Build(const execution::ExecutedPtr& parent,
                                        const std::vector<EntryPtr>& entries) const {
  return executor.Build(parent, FrameAfter(parent), entries).block;
}

void TestChain::Commit(const execution::ExecutedPtr& block) {
  replica::Batch batch;
  batch.blocks.push_back(execution::Executor::MakeCommit(*block, Certify(*block)));
  if (const auto status = store.Write(batch); !status.ok())
    throw std::runtime_error(status.ToString());
  tip = execution::Executor::AsRoot(*block);
}

execution::ExecutedPtr TestChain::CommitEntries(const std::vector<EntryPtr>& entries) {
  const execution::BuiltBlock built = executor.Build(tip, FrameAfter(tip), entries);
  if (built.block->entries.size() != entries.size()) {
    throw std::runtime_error(built.left_out.empty() ? "no room"
                                                    : built.left_out.front().refusal.message);
  }
  Commit(built.block);
  return built.block;
}

execution::BuiltBlock TestChain::CommitAt(Time time, const std::vector<EntryPtr>& entries) {
  execution::BlockFrame frame = FrameAfter(tip);
  frame.time = time;
  execution::BuiltBlock built = executor.Build(tip, frame, entries);
  Commit(built.block);
  return built;
}

std::string TestChain::Certify(const execution::ExecutedBlock& block) const {
  Certificate certificate;
  certificate.statement = {VoteKind::kFinalize, block.header.epoch, block.header.view, block.hash};
  const VoterSet voters = ledger.act.voters();
  for (std::size_t i = 0; i < voters.size(); ++i) {
    const TestState& voter = ledger.state(voters.at(i).code.str());
    certificate.votes.emplace_back(
        i, SignStatement(certificate.statement, ledger.id(), voter.node.vote));
  }
  return EncodeCertificate(certificate, voters.size());
}

v1::FinalBlock TestChain::Serve(const execution::ExecutedBlock& block) const {
  v1::FinalBlock message;
  message.set_header(block.header_bytes);
  for (const auto& entry : block.entries) *message.add_entries() = ToProto(*entry);
  message.set_certificate(Certify(block));
  return message;
}

v1::Body DeclarationBody(std::uint32_t year, std::size_t text_bytes) {
  v1::Body body;
  body.set_visibility(v1::MEMBERS);
  body.set_issued_at_us(kFounded.us);
  auto* declaration = body.mutable_annual_declaration();
  declaration->set_year(year);
  for (auto* part :
       {declaration->mutable_ballistic_missiles(), declaration->mutable_space_launch()}) {
    part->set_form(v1::FULL);
    part->set_policy_outline(std::string(text_bytes, 'p'));
  }
  declaration->mutable_space_launch()->set_observer_policy(std::string(text_bytes, 'o'));
  return body;
}

}  // namespace assent::testing
