// As of when a question is answered, and for whom.
#ifndef ASSENT_LEDGER_QUESTIONS_SNAPSHOT_H_
#define ASSENT_LEDGER_QUESTIONS_SNAPSHOT_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/rules/read.h"
#include "ledger/rules/rules.h"
#include "ledger/rules/state.h"
#include "ledger/types.h"

namespace assent::questions {

// The ledger as it was at a height. `state` is the newest there is, whatever the height: answers
// for older ones are derived from it.
struct Snapshot {
  const StateView& state;
  std::uint64_t tree_size;  // at that height; rules::kNewest when that is the newest
  Time time;                // of the block at that height
};

// The members at that height, in code order.
std::vector<rules::MemberView> MembersAt(const Snapshot& ledger);
std::optional<rules::MemberView> MemberAt(const Snapshot& ledger, const MemberCode& code);

// Which bodies the reader may see besides PUBLIC ones.
struct Sight {
  bool members = false;             // MEMBERS ones, within the following scope
  std::vector<MemberCode> authors;  // in code order; empty: of all
  std::vector<std::string> types;   // sorted; empty: all

  bool all() const { return members && authors.empty() && types.empty(); }
  // Whether the reader sees all records of these types by this author, or the PUBLIC ones only. A
  // question joins records: who may not see all types that it joins is answered from PUBLIC ones.
  rules::Audience Of(const MemberCode& author, std::span<const std::string_view> of_types) const;
};

}  // namespace assent::questions

#endif  // ASSENT_LEDGER_QUESTIONS_SNAPSHOT_H_
