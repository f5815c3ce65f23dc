// Every key of the state, and what stands under it. Keys are text, so that two nodes that disagree
// can name the one that differs. Their bytes are part of the state digest: they stay as they are.
//
// clang-format off
//   key                                             value                   while
//   ledger                                          LedgerState             always
//   member/<code>                                   MemberState             the state is an ACTIVE member
//   author/<code>                                   AuthorState             since its first entry
//   subscription/<code>/<since>                     SubscriptionState       for ever
//   subscription/<code>/<since>/block               SubscriptionState       for ever: since the beginning of the block
//                                                                           whose first entry would be <since>
//   key/<public key>                                KeyState                since it was registered
//   checkpoint_id/<key id>                          KeyState                since a checkpoint key with this id was
//   epoch/<number>                                  EpochState              since the epoch before was closed
//   recent/<height mod kRecentBlocks>               RecentBlockState        since the block after it
//   class/<class id>                                ClassState              since the revision that brought it
//   record/<index>                                  RecordState             since a record that can be amended is filed
//   reference/<code>/<reference>                    PointerState            since the first notification under it
//   declaration/<code>/<year>                       PointerState            the year has a current declaration
//   notified/<code>/<year>/<class id>               CountState              current notifications announce such
//   reports/<chain>                                 CountState              current reports name the notification
//   exemption/<code>/<chain>                        PointerState            since it was filed
//   observed/<code>/<chain>                         PointerState            since such a launch was attributed to the state
//   answer/<chain>                                  PointerState            since the observed launch was first answered
//   clarification/<index>                           ClarificationState      since the request was filed
//   asked/<chain>/<request>                         PointerState            since the request about the record was filed
//   reply/<request>                                 PointerState            since the request was first replied to
//   draft/<index>                                   DraftState              since the draft was filed
//   newest_draft                                    PointerState            since the first draft
//   comments/<draft>/<code>                         CommentsState           since the member's first comment on the draft
//   summary/<index>                                 SummaryState            since the chair's summary was filed
//   received/<index>/<code>                         DraftReceiptState       since the member has received the draft or summary
//   round/<index>                                   RoundState              since the round was opened
//   signature/<round>/<code>                        SignatureState          since the round was signed
//   void_signature/<round>/<code>/<index>           SignatureState          since the state signed again, in another membership
//   revision/<number>                               PointerState            since the round that made it was final
//   ledger_before/<number>                          LedgerState             since that revision: as it was before it
//   question/<index>                                QuestionState           since the question was opened
//   newest_question                                 PointerState            since the first question
//   endorsement/<question>/<code>/<membership>      EndorsementState        since the question was endorsed
//   chair/<question>                                ChairTermState          since the members decided the term
//   replacement/<code>                              ReplacementState        a new authority key waits
//   waiting_clock                                   WaitingClockState       any replacement waits
//   offer/<index>                                   OfferState              since the incentive was offered
//   offer_for/<pledge chain>/<index>                PointerState            since it was offered for the pledge
//   offer_by/<code>/<index>                         PointerState            since the state offered it
//   offer_to/<code>/<index>                         PointerState            since it was offered to the state
//   hold/<pledge chain>/<index>                     PointerState            the offer is accepted, and not delivered or rescinded
//   invitation_answer/<chain>/<code>/<author>       PointerState            since the author answered the invitation for the state
//   observers/<chain>                               CountState              current answers accept places of the invitation
//   attendance/<chain>                              PointerState            since the attendance of the conference was recorded
//   accreditation/<index>                           AccreditationState      since a key was accredited
//   accreditation-public/<index>                    PointerState            the same, by a PUBLIC entry
//   accreditations/<code>                           AccreditationListState  the member has given some
//   inspector/<key>/<index>                         PointerState            the accreditation is not ended, nor was over when its
//                                                                           member gave another
//
// So that questions cost what their answers do (indexes.h), for <audience> m, who see all bodies, and p, who see
// PUBLIC ones:
//
//   in/<set>/<audience>/<place>                     SpanState               what stands at the place is in the set
//   was/<set>/<audience>/<place>/<since>            SpanState               it entered by entry <since>, and has left
//   tally/<audience>/<name>/<~index>                TallyState              since entry <index> has changed the number
//   differences/<index>                             DifferencesState        since a declaration whose counts differ was filed
//
//   set             place                           what is in it
//   windows         <code>/<window start>/<index>   notifications that hold
//   unresolved      <code>/<window end>/<index>     those of them that no report names
//   untimely        <code>/<time>/<index>           launches that were not notified in time; those that were observed by
//                                                   the state to which they are attributed, while it does not contest
//   historic        <code>/<time>/<index>           such ones of a time before membership
//   reports         <chain>/<index>                 reports that hold, of a notification
//   declared        <year>/<code>/<index>           declarations that hold
//   nil             <year>/<code>/<index>           those of them that are NIL in both parts
//   differing       <year>/<code>/<index>           those whose counts differ; only for m
//   pledges         <code>/<target date>/<index>    pledges that hold
//   clarifications  <code>/<time>/<request>         requests that are not closed, by the state that is asked
//   invitations     <code>/<until>/<index>          observer invitations and conferences that hold, by each state that is
//                                                   invited
//
//   tally                                           number
//   announced/<code>/<year>/<t>                     launches in notifications that hold, by timeliness <t>
//   launched/<code>/<year>/<how>                    launches reported, by how they were notified
//   observed/<code>/<year>                          observed launches in "untimely"
//
// <chain> is the index of the first record of a chain of amendments. A pointer names the entry of its key; one at an
// answer, a reply or an attendance the newest of them, be it amended, withdrawn or current. <since> is the first index
// at which a thing holds: that of the entry which brought it, plus one, and 0 for what the founding act says.
//
// Indices and epochs have 20 decimal digits, numbers of revisions 10, years 4, slots of recent blocks 5 and times
// (microseconds) 18, so that keys sort as numbers do; ~index is counted down from the greatest number, so that the newest comes
// first. Public keys and key ids are lower-case hex. A '/' sorts before all letters of a code, so that keys sort in
// code order.
// clang-format on
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
inline constexpr std::string_view kAccreditationPrefix = "accreditation/";
inline constexpr std::string_view kPublicAccreditationPrefix = "accreditation-public/";
inline constexpr std::string_view kInspectorPrefix = "inspector/";

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
std::string SubscriptionWithBlockKey(const MemberCode& code, EntryIndex since);
// What either of them says.
struct SubscriptionPlace {
  MemberCode code;
  EntryIndex since;
  bool with_block;
};
SubscriptionPlace PlaceOfSubscription(std::string_view key);
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
std::string LedgerBeforeKey(std::uint32_t revision);
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
std::string AccreditationKey(EntryIndex accreditation);
std::string PublicAccreditationKey(EntryIndex accreditation);
std::string InspectorPrefix(const PublicKey& key);
std::string InspectorKey(const PublicKey& key, EntryIndex accreditation);
std::string AccreditationListKey(const MemberCode& member);

// The index, and the inspector's public key, that follow the prefix of such a key. The key must be
// one of ours: what is none stops the process.
EntryIndex IndexOfKey(std::string_view key, std::string_view prefix);
PublicKey InspectorOfKey(std::string_view key);

// The code at the end of a key with this prefix. The key must be one of ours: a code that is none
// stops the process.
MemberCode CodeOfKey(std::string_view key, std::string_view prefix);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_KEYS_H_
