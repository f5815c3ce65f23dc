// Every key of the state, and what stands under it. Keys are text, so that two nodes that disagree
// can name the one that differs. Their bytes are part of the state digest: they stay as they are.
//
//   key                                value           while
//   ledger                             LedgerState     always
//   member/<code>                      MemberState     the state is an ACTIVE member
//   author/<code>                      AuthorState     since its first entry
//   subscription/<code>/<since>        SubscriptionState  since the entry before <since>
//   key/<public key>                   KeyState        since it was registered
//   checkpoint_id/<key id>             KeyState        since a checkpoint key with this id was
//   class/<class id>                   ClassState      since the revision that brought it
//   record/<index>                     RecordState     since a record that can be amended is filed
//   reference/<code>/<reference>       PointerState    since the first notification under it
//   declaration/<code>/<year>          PointerState    the year has a current declaration
//   notified/<code>/<year>/<class id>  CountState      current notifications announce such
//   reports/<index>                    CountState      current reports name the chain of records
//                                                      that begins with this notification
//   epoch/<number>                     EpochState      since the epoch before was closed
//   reported/<index>/<report>          PointerState    since a report named the chain of records
//   that
//                                                      begins with this notification
//   exemption/<code>/<index>           PointerState    since this first record of a chain was filed
//   observed/<code>/<index>            PointerState    since this first record of a chain, about
//   the
//                                                      state of that code, was filed
//   answer/<index>                     PointerState    since the chain of records that begins with
//                                                      this observed launch was first answered
//   clarification/<index>              ClarificationState  since the request was filed
//   asked/<index>/<request>            PointerState    since the request, about the chain of
//   records
//                                                      that begins with this one, was filed
//   reply/<request>                    PointerState    since the request was first replied to
//   round/<index>                      RoundState      since the round was opened
//   signature/<round index>/<code>     SignatureState  since the round was signed
//   void_signature/<round index>/<code>/<index>
//                                      SignatureState  since the state signed the round again, in
//                                                      another membership
//   recent/<height mod kRecentBlocks>  RecentBlockState  since the block after it
//   subscription/<code>/<since>        SubscriptionState  for ever
//   key/<public key>                   KeyState        since it was registered
//   checkpoint_id/<key id>             KeyState        since a checkpoint key with this id was
//   question/<index>                   QuestionState   since the question was opened
//   newest_question                    PointerState    since the first question
//   endorsement/<question index>/<code>/<membership>
//                                      EndorsementState  since the question was endorsed
//   chair/<question index>             ChairTermState  since the members decided the term
//   replacement/<code>                 ReplacementState  a new authority key waits
//   waiting_clock                      WaitingClockState  any replacement waits
//   offer/<index>                      OfferState      since the incentive was offered
//   offer_for/<pledge>/<index>         PointerState    since it was offered for a pledge of the
//   chain
//                                                      that begins with this one
//   offer_by/<code>/<index>            PointerState    since the state offered it
//   offer_to/<code>/<index>            PointerState    since it was offered to the state
//   hold/<pledge>/<index>              PointerState    the offer, for a pledge of the chain that
//                                                      begins with this one, is accepted and
//                                                      neither delivered nor rescinded
//   invitation_answer/<index>/<code>/<author>
//                                      PointerState    since the author answered for the state to
//                                      the
//                                                      chain of invitations that begins with this
//                                                      one
//   observers/<index>                  CountState      current answers accept places of the chain
//   of
//                                                      invitations that begins with this one
//   attendance/<index>                 PointerState    since the attendance of the chain of
//   conferences
//                                                      that begins with this one was recorded
//
// A pointer at an answer to an invitation or at an attendance names the newest, be it amended,
// withdrawn or current.
//
// Indices have 20 decimal digits, years 4 and slots of recent blocks 2, so that keys sort as
// numbers do. A '/' sorts before all letters of a code, so that keys sort in code order. Public
// keys and key ids are lower-case hex. <since> is the first index at which a thing holds: that of
// the entry which brought it, plus one, and 0 for what the founding act says.
//   revision/<number>                  PointerState    since the round that made it was final
//   draft/<index>                      DraftState      since the draft was filed
//   newest_draft                       PointerState    since the first draft
//   comments/<draft index>/<code>      CommentsState   since the member's first comment on the
//   draft summary/<index>                    SummaryState    since the chair's summary was filed
//   received/<index>/<code>            DraftReceiptState  since the member has received this draft
//                                                      or summary
//
// Indices have 20 decimal digits, numbers of revisions 10 and years 4, so that keys sort as numbers
// do. A '/' sorts before all letters of a code, so that keys sort in code order.
// A pointer at an answer or a reply names the newest, be it amended, withdrawn or current; all
// others of those above name the entry of their key.
//
// So that questions cost what their answers do (indexes.h), for <audience> m, who see all bodies,
// and p, who see PUBLIC ones:
//
//   in/<set>/<audience>/<place>           SpanState   what stands at the place is in the set
//   was/<set>/<audience>/<place>/<since>  SpanState   it entered by entry <since>, and has left
//   tally/<audience>/<name>/<~index>      TallyState  since entry <index> has changed the number
//
//   set             place                            what is in it
//   windows         <code>/<window start>/<index>    notifications that hold
//   unresolved      <code>/<window end>/<index>      those of them that no report names
//   untimely        <code>/<time>/<index>            launches that were not notified in time
//   historic        <code>/<time>/<index>            such ones of a time before membership
//   reports         <first of chain>/<index>         reports that hold, of a notification
//   declared        <year>/<code>/<index>            declarations that hold
//   nil             <year>/<code>/<index>            those of them that are NIL in both parts
//   differing       <year>/<code>/<index>            those whose counts differ; only for m
//   pledges         <code>/<target date>/<index>     pledges that hold
//
//   differences/<index>                DifferencesState  since a declaration was filed whose counts
//   differ
//
//   tally                              number
//   announced/<code>/<year>/<t>        launches in notifications that hold, by timeliness <t>
//   launched/<code>/<year>/<how>       launches reported, by how they were notified
//
// Indices have 20 decimal digits, years 4 and times (microseconds) 18, so that keys sort as numbers
// do; ~index is counted down from the greatest number, so that the newest comes first. A '/' sorts
// before all letters of a code, so that keys sort in code order.
#ifndef ASSENT_LEDGER_RULES_KEYS_H_
#define ASSENT_LEDGER_RULES_KEYS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/bytes.h"
#include "ledger/rules/sets.h"
#include "ledger/rules/tallies.h"
#include "ledger/types.h"

namespace assent::rules {

inline constexpr std::string_view kLedgerKey = "ledger";
inline constexpr std::string_view kMemberPrefix = "member/";
inline constexpr std::string_view kAuthorPrefix = "author/";
inline constexpr std::string_view kClassPrefix = "class/";
inline constexpr std::string_view kSubscriptionPrefix = "subscription/";
inline constexpr std::string_view kNewestQuestionKey = "newest_question";
inline constexpr std::string_view kChairPrefix = "chair/";
inline constexpr std::string_view kReplacementPrefix = "replacement/";
inline constexpr std::string_view kWaitingClockKey = "waiting_clock";
inline constexpr std::string_view kNewestDraftKey = "newest_draft";

std::string MemberKey(const MemberCode& code);
std::string AuthorKey(const MemberCode& code);
std::string ClassKey(std::string_view class_id);
std::string RecordKey(EntryIndex index);
std::string ReferenceKey(const MemberCode& author, std::string_view reference);
std::string DeclarationKey(const MemberCode& author, std::int64_t year);
std::string NotifiedPrefix(const MemberCode& author, std::int64_t year);
std::string NotifiedKey(const MemberCode& author, std::int64_t year, std::string_view class_id);
std::string ReportsKey(EntryIndex first_of_chain);
std::string EpochKey(Epoch epoch);
std::string ReportedPrefix(EntryIndex first_of_chain);
std::string ReportedKey(EntryIndex first_of_chain, EntryIndex report);
std::string ExemptionPrefix(const MemberCode& author);
std::string ExemptionKey(const MemberCode& author, EntryIndex first_of_chain);
std::string ObservedPrefix(const MemberCode& attributed);
std::string ObservedKey(const MemberCode& attributed, EntryIndex first_of_chain);
std::string AnswerKey(EntryIndex first_of_chain);
std::string ClarificationKey(EntryIndex request);
std::string AskedPrefix(EntryIndex first_of_chain);
std::string AskedKey(EntryIndex first_of_chain, EntryIndex request);
std::string ReplyKey(EntryIndex request);
std::string RoundKey(EntryIndex round);
std::string SignaturePrefix(EntryIndex round);
std::string SignatureKey(EntryIndex round, const MemberCode& member);
std::string VoidSignaturePrefix(EntryIndex round);
std::string VoidSignatureKey(EntryIndex round, const MemberCode& member, EntryIndex signature);
std::string RecentBlockKey(std::uint64_t slot);
std::string SubscriptionPrefix(const MemberCode& code);
std::string SubscriptionKey(const MemberCode& code, EntryIndex since);
std::string RegisteredKey(const PublicKey& key);
std::string CheckpointIdKey(std::uint32_t key_id);
std::string QuestionKey(EntryIndex question);
std::string EndorsementPrefix(EntryIndex question);
std::string EndorsementKey(EntryIndex question, const MemberCode& member, EntryIndex membership);
std::string ChairKey(EntryIndex question);
std::string ReplacementKey(const MemberCode& member);

std::string OfferKey(EntryIndex offer);
std::string OfferForPrefix(EntryIndex first_of_pledge);
std::string OfferForKey(EntryIndex first_of_pledge, EntryIndex offer);
std::string OfferByPrefix(const MemberCode& author);
std::string OfferByKey(const MemberCode& author, EntryIndex offer);
std::string OfferToPrefix(const MemberCode& state);
std::string OfferToKey(const MemberCode& state, EntryIndex offer);
std::string HoldPrefix(EntryIndex first_of_pledge);
std::string HoldKey(EntryIndex first_of_pledge, EntryIndex offer);
std::string InvitationAnswerPrefix(EntryIndex first_of_invitation, const MemberCode& state);
std::string InvitationAnswerKey(EntryIndex first_of_invitation, const MemberCode& state,
                                const MemberCode& author);
std::string ObserversKey(EntryIndex first_of_invitation);
std::string AttendanceKey(EntryIndex first_of_conference);
std::string RevisionKey(std::uint32_t number);
std::string DraftKey(EntryIndex draft);
std::string CommentsPrefix(EntryIndex draft);
std::string CommentsKey(EntryIndex draft, const MemberCode& member);
std::string SummaryKey(EntryIndex summary);
std::string ReceivedPrefix(EntryIndex draft_or_summary);
std::string ReceivedKey(EntryIndex draft_or_summary, const MemberCode& member);

std::string DifferencesKey(EntryIndex declaration);
std::string PresentPrefix(SetName set);
std::string PresentKey(SetName set, std::string_view place);
std::string PastPrefix(SetName set);
std::string PastKey(SetName set, std::string_view place, EntryIndex since);
std::string TallyPrefix(const TallyName& tally);
std::string TallyKey(const TallyName& tally, EntryIndex by);

// Parts of keys.
std::string IndexDigits(EntryIndex index);
std::string YearDigits(std::int64_t year);
// Of a time from 1970 on; an earlier one counts as that.
std::string TimeDigits(Time time);

// The code at the end of a key with this prefix. The key must be one of ours: a code that is none
// stops the process.
MemberCode CodeOfKey(std::string_view key, std::string_view prefix);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_KEYS_H_
