// As of when a question is answered, and for whom.
#ifndef ASSENT_LEDGER_QUESTIONS_SNAPSHOT_H_
#define ASSENT_LEDGER_QUESTIONS_SNAPSHOT_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
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

// Which bodies the reader may see besides PUBLIC ones. A question joins records: who may not see
// all of a state's records of the types that it joins is answered from the PUBLIC ones.
class Sight {
 public:
  // True when MEMBERS bodies of this author and record type are not hidden.
  using Covers = std::function<bool(const MemberCode& author, std::string_view type)>;

  static Sight Public() { return Sight(Extent::kNothing, nullptr); }
  static Sight All() { return Sight(Extent::kAll, nullptr); }
  static Sight Scoped(Covers covers) { return Sight(Extent::kSome, std::move(covers)); }

  // Whether the reader sees all records of these types by this author, or the PUBLIC ones only.
  rules::Audience Of(const MemberCode& author, std::span<const std::string_view> types) const;
  bool sees_all() const { return extent_ == Extent::kAll; }
  // The same records of every state: all, or those that are PUBLIC.
  bool is_even() const { return extent_ != Extent::kSome; }
  bool is_public_only() const { return extent_ == Extent::kNothing; }

 private:
  enum class Extent { kNothing, kSome, kAll };
  Sight(Extent extent, Covers covers) : extent_(extent), covers_(std::move(covers)) {}

  Extent extent_;
  Covers covers_;
};

}  // namespace assent::questions

#endif  // ASSENT_LEDGER_QUESTIONS_SNAPSHOT_H_
