// Who asks, and so which bodies it may see.
#ifndef ASSENT_NODE_QUERY_READER_H_
#define ASSENT_NODE_QUERY_READER_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "ledger/bytes.h"
#include "ledger/entry/entry.h"
#include "ledger/rules/inspectors.h"
#include "ledger/rules/rules.h"
#include "ledger/types.h"
#include "node/replica/store.h"

namespace assent::query {

enum class Rights {
  kAnonymous,  // PUBLIC bodies
  kInspector,  // and MEMBERS bodies in the scope of an accreditation in force
  kMember,     // all bodies
};

// Made anew for each answer, and used by one thread; one that is a member's by any.
struct Reader {
  Rights rights = Rights::kAnonymous;
  MemberCode code = {};  // whose reader it is; empty unless a member's
  std::vector<rules::AccreditationView> accreditations = {};  // kInspector: those in force
  // kInspector: how many MEMBERS bodies it was let see by May.
  mutable std::uint64_t bodies = 0;

  // True when no body is hidden from it: only then may an answer tell of records in ways that are
  // not per body, such as totals, flags made from several records, or pages cut by an index of
  // bodies.
  bool SeesAll() const;
  // The same for all bodies of one type.
  bool SeesAllOf(std::string_view type) const;
  // True when MEMBERS bodies of this author and type are not hidden from it.
  bool Covers(const MemberCode& author, std::string_view type) const;
  // Whether it may see this body, or what follows from it: to be asked for each body that an answer
  // is made from.
  bool May(const MemberCode& author, const rules::Description& body) const;
};

// The reader that has proved to hold `tls_key`, by what is final in the view: a member's when it is
// the member's reader key or its node's transport key, an inspector's when it has an accreditation
// in force at the tip's block time, else anonymous.
Reader ResolveReader(const replica::ReadView& view, const std::optional<PublicKey>& tls_key);

// Why `now` may not see all that `before` could, of whom both are: an accreditation or membership
// is over. Nothing when it may. The reason says whom to ask.
std::optional<rules::Refusal> LostRights(const replica::ReadView& view, const Reader& before,
                                         const Reader& now);

// What `reader` may know of the entry's body; nothing when it may not see it, when the body is not
// there, when it cannot be read, and when it is not of `type` (empty: any): these look the same to
// who asks.
std::optional<rules::Description> Visible(const Entry& entry, const Reader& reader,
                                          std::string_view type = "");

}  // namespace assent::query

#endif  // ASSENT_NODE_QUERY_READER_H_
