// Observer invitations and conferences as the rules have concluded, for those who answer questions.
// What a body says besides (the site, the title) is there to be read. As of older heights: see
// read.h.
#ifndef ASSENT_LEDGER_RULES_READ_INVITATIONS_H_
#define ASSENT_LEDGER_RULES_READ_INVITATIONS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "ledger/rules/read.h"
#include "ledger/rules/rules.h"
#include "ledger/rules/state.h"
#include "ledger/types.h"

namespace assent::rules {

// An observer invitation or a conference, as its newest amendment has it.
struct InvitationView {
  EntryIndex index;  // of the newest amendment
  EntryIndex first;  // of its chain
  MemberCode host;
  Audience audience = Audience::kMembers;
  bool withdrawn = false;
  Time until;                       // the last instant at which it can be answered
  std::uint32_t places = 0;         // for observers; 0 for a conference
  std::vector<MemberCode> invited;  // in the order of the body
};
// Of the chain that `index` is in, as of `tree_size`. Nothing when there is none.
std::optional<InvitationView> InvitationAt(const StateView& state, EntryIndex index,
                                           std::uint64_t tree_size = kNewest);

// What a state has answered to an invitation.
struct InvitationAnswerView {
  EntryIndex index;
  MemberCode state;      // whose answer it is
  MemberCode lodged_by;  // the author of the entry: the state itself, unless that was no member
  Audience audience = Audience::kMembers;
  bool accepted = false;
  std::uint32_t places = 0;  // observers that come; 0 for a conference
  Time time;                 // of this answer
};
// The answer of `invited` to the chain of invitations that begins with `first`: of those that are
// not withdrawn the newest that readers of `audience` may see. Nothing when it has not answered.
std::optional<InvitationAnswerView> InvitationAnswerAt(const StateView& state, EntryIndex first,
                                                       const MemberCode& invited,
                                                       std::uint64_t tree_size = kNewest,
                                                       Audience audience = Audience::kMembers);

// Who attended a conference, as its host has recorded.
struct AttendanceView {
  EntryIndex index;
  Audience audience = Audience::kMembers;
  std::vector<MemberCode> attended;  // in the order of the body
};
// Of the chain of conferences that begins with `first`. Nothing when it has not been recorded.
std::optional<AttendanceView> AttendanceAt(const StateView& state, EntryIndex first,
                                           std::uint64_t tree_size = kNewest);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_READ_INVITATIONS_H_
