// A chain of blocks made by hand, for tests of what stores them: well formed, linked, and not
// judged by any rule.
#ifndef ASSENT_TESTS_UNIT_NODE_STORAGE_CHAIN_H_
#define ASSENT_TESTS_UNIT_NODE_STORAGE_CHAIN_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/block/digests.h"
#include "ledger/bytes.h"
#include "ledger/log/merkle.h"
#include "ledger/rules/rules.h"
#include "ledger/types.h"
#include "node/replica/store.h"

namespace assent::storage {

inline constexpr std::string_view kReport = "LaunchReport";

// The ledger that tests use: 32 times the letter 'L'.
LedgerId TestLedger();
MemberCode Code(std::string_view text);

// Block `h` has time `h` seconds.
class Chain {
 public:
  Chain();

  const rules::Genesis& genesis() const { return genesis_; }

  // An entry by `author`, next in its sequence, whose body is `body`.
  EntryPtr File(std::string_view author, std::string body);
  // The next block: these entries, all of type `type`, and these writes.
  replica::CommittedBlock Block(std::vector<EntryPtr> entries, StateWrites writes = {},
                                std::string certificate = "certificate",
                                std::string_view type = kReport);
  // A batch of nothing but the next block.
  replica::Batch Commit(std::vector<EntryPtr> entries, StateWrites writes = {});

 private:
  rules::Genesis genesis_;
  BlockHeader tip_;
  Hash tip_hash_;
  MerkleFrontier frontier_;
  std::map<MemberCode, AuthorHead> heads_;
};

}  // namespace assent::storage

#endif  // ASSENT_TESTS_UNIT_NODE_STORAGE_CHAIN_H_
