// A ledger in memory whose blocks are made by the real execution and finalized by all of its
// members at once: what a node has after ordering, without ordering.
#ifndef ASSENT_TESTS_SUPPORT_TEST_CHAIN_H_
#define ASSENT_TESTS_SUPPORT_TEST_CHAIN_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "assent/v1/block.pb.h"
#include "assent/v1/entry.pb.h"
#include "ledger/block/digests.h"
#include "ledger/rules/state.h"
#include "ledger/types.h"
#include "node/execution/execution.h"
#include "node/storage/memory_store.h"
#include "tests/support/test_ledger.h"

namespace assent::testing {

// The state at a store's tip, whatever the tip is by then.
class CurrentState : public StateView {
 public:
  explicit CurrentState(const replica::Store* store) : store_(store) {}
  std::optional<std::string> Get(std::string_view key) const override;
  void Scan(std::string_view prefix, std::string_view from, Visitor visit) const override;

 private:
  const replica::Store* store_;
};

class TestChain {
 public:
  explicit TestChain(std::size_t members, const ActParameters& parameters = {});

  // The next entry of a state, after those that it filed here before.
  EntryPtr File(std::string_view author, const v1::Body& body);
  // The same: a public notification with a reference that was not used before.
  EntryPtr Notify(std::string_view author);
  // What `author` files from now on is signed with `key`.
  void SignWith(std::string_view author, SigningKey key);
  // What `author` files next is linked to `head`.
  void SetHead(std::string_view author, const AuthorHead& head);
  // Takes back what was filed after `entry`.
  void RewindTo(const Entry& entry);

  // A frame for a child of `parent`: the next view, a second later.
  static execution::BlockFrame FrameAfter(const execution::ExecutedPtr& parent);
  execution::ExecutedPtr Build(const execution::ExecutedPtr& parent,
                               const std::vector<EntryPtr>& entries) const;
  // Writes a child of the tip, which is the tip from now on.
  void Commit(const execution::ExecutedPtr& block);
  // Builds and commits a block of exactly these.
  execution::ExecutedPtr CommitEntries(const std::vector<EntryPtr>& entries);
  // The same at a time, of those that the rules let into it.
  execution::BuiltBlock CommitAt(Time time, const std::vector<EntryPtr>& entries);
  // A certificate of all members for `block`.
  std::string Certify(const execution::ExecutedBlock& block) const;
  // `block` with all bodies, as a node serves it to who audits.
  v1::FinalBlock Serve(const execution::ExecutedBlock& block) const;

  const TestLedger ledger;
  storage::MemoryStore store;
  const CurrentState state{&store};
  const execution::Executor executor{&state};
  execution::ExecutedPtr tip;

 private:
  AuthorHeads heads_;                        // of what was filed, final or not
  std::map<MemberCode, TestState> signers_;  // of authors that sign with other keys
  std::uint64_t references_ = 0;
};

// An annual declaration that is FULL in both parts, with texts of `text_bytes` each.
v1::Body DeclarationBody(std::uint32_t year, std::size_t text_bytes);

}  // namespace assent::testing

#endif  // ASSENT_TESTS_SUPPORT_TEST_CHAIN_H_
