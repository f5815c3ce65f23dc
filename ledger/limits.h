// Every bound of the ledger's formats and rules, in one place. A change of one that decides
// validity (marked *) splits the ledger: such a change is a new format version.
#ifndef ASSENT_LEDGER_LIMITS_H_
#define ASSENT_LEDGER_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace assent {

inline constexpr std::size_t kBodyBytesMax = 64 * 1024;     // * one entry's body
inline constexpr std::size_t kEntryHeaderBytesMax = 1024;   // * one entry's header
inline constexpr std::size_t kLeafBytesMax = 65'535;        // * one leaf
inline constexpr std::size_t kBlockEntriesMax = 1'000;      // * entries in a block
inline constexpr std::size_t kBlockBytesMax = 1024 * 1024;  // * leaves and bodies in a block
inline constexpr std::size_t kAuthorEntriesPerBlockMax =
    1'000;  // * entries of one author in a block
inline constexpr std::uint32_t kAuthorEntriesPerDayDefault = 10'000;  // the act may say otherwise
inline constexpr std::uint32_t kAuthorEntriesPerDayLimit = 100'000'000;
inline constexpr std::size_t kTailHeadersMax =
    1'024;  // TAIL blocks from a closing block to its certificate
inline constexpr std::size_t kVotersMax = 1'024;                // * voters of an epoch
inline constexpr std::size_t kMembersMax = 1'024;               // * members
inline constexpr std::size_t kRestartActBytesMax = 512 * 1024;  // * an act that starts an epoch
// * How far the epoch of such an act may be above the one that the named block leads to: acts can
// fail in their turn before a block is final.
inline constexpr std::uint64_t kRestartEpochsMax = 64;
inline constexpr std::uint64_t kRecentBlocks = 16'384;  // * whose hashes the state keeps
inline constexpr std::size_t kNameBytesMax = 256;       // * a name or title
inline constexpr std::size_t kEndpointBytesMax = 256;   // * host:port

// Records. All *.
inline constexpr std::size_t kPolicyBytesMax = 16'384;        // * policy outline, observer policy
inline constexpr int kSitesMax = 64;                          // * sites of a declaration's part
inline constexpr std::size_t kReferenceBytesMax = 64;         // * an author's name for a launch
inline constexpr std::int64_t kWindowHoursMax = 7 * 24;       // * a launch window
inline constexpr std::uint32_t kLaunchesMax = 32;             // * launches of one notification
inline constexpr std::uint32_t kRadiusMaxM = 1'000'000;       // * a circle
inline constexpr int kPolygonPointsMin = 3;                   // *
inline constexpr int kPolygonPointsMax = 64;                  // *
inline constexpr std::int32_t kLatitudeMaxUdeg = 90'000'000;  // *
inline constexpr std::int32_t kLongitudeMaxUdeg =
    180'000'000;  // * its negative is the same line, and refused
inline constexpr std::size_t kWithdrawalReasonBytesMax = 1'024;    // *
inline constexpr std::size_t kCancellationReasonBytesMax = 1'024;  // *
inline constexpr std::size_t kRevisionTextBytesMax = 49'152;       // *
inline constexpr std::size_t kRevisionReasonBytesMax =
    4'096;  // * of an objection, of taking a proposal back
inline constexpr std::size_t kExemptionTextBytesMax = 4'096;  // *
inline constexpr std::size_t kObservationSourceBytesMax =
    1'024;  // * by what means a launch was seen
inline constexpr std::size_t kObservationAnswerBytesMax = 4'096;      // *
inline constexpr std::size_t kClarificationQuestionBytesMax = 4'096;  // *
inline constexpr std::size_t kClarificationReplyBytesMax = 16'384;    // *
inline constexpr std::size_t kClarificationReasonBytesMax = 1'024;    // * of closing a request
inline constexpr std::size_t kWindowsLookedAtMax =
    1'000;  // * for the notification of an observed launch
inline constexpr std::int64_t kClarificationHours = 48;     // * in which a reply is due
inline constexpr std::size_t kPledgeTextBytesMax = 16'384;  // *
inline constexpr std::size_t kCommentBytesMax = 16'384;     // * a comment on a draft
inline constexpr int kCommentVersionsMax =
    32;  // * comments of a member on a draft: the first and its amendments
inline constexpr std::size_t kAnswerReasonBytesMax = 1'024;  // * what became of a comment
inline constexpr std::int64_t kQuestionDays = 90;  // * in which members can endorse a question
inline constexpr std::int64_t kKeyReplacementDays = 30;  // * for which a new authority key waits
inline constexpr std::int64_t kChairTermDaysMax = 731;   // * a term of the chair
inline constexpr std::size_t kMemberReasonBytesMax =
    1'024;                                // * of a change of membership, keys or votes
inline constexpr int kReleasersMax = 16;  // * of a member
inline constexpr std::size_t kReleaserNameBytesMax = 64;  // *
inline constexpr std::size_t kContactBytesMax = 1'024;    // * how to reach a state
inline constexpr std::size_t kCooperationTextBytesMax =
    16'384;  // * of offers, assistance, access for observers
inline constexpr std::uint32_t kObserversMax = 1'000;  // * places of an observer invitation
inline constexpr int kInvitedMax = 256;                // * states invited, by one record
inline constexpr std::int64_t kAccreditationDaysMax =
    731;  // * from block time to the end of an inspector's term
inline constexpr int kAccreditationsMax = 128;  // * by one member, that are not over
inline constexpr std::size_t kAccreditationReasonBytesMax = 1'024;  // * of its end
inline constexpr std::int64_t kTimeMaxUs =
    253'402'300'799'999'999;  // * times in records: the years 1970 to 9999

inline constexpr std::size_t kActBytesMax = 1024 * 1024;  // a founding act
inline constexpr std::size_t kActClassesMax = 256;        // * of its class list
inline constexpr std::size_t kActClassIdBytesMin = 2;     // *
inline constexpr std::size_t kActClassIdBytesMax = 32;    // *
inline constexpr std::int64_t kActPeriodSecondsMax =
    10 * 366 * 86'400;                                           // * leads, deadlines and periods
inline constexpr std::int64_t kActHeartbeatSecondsMax = 86'400;  // *
inline constexpr std::int64_t kActClockSkewSecondsMax = 3'600;   // *
inline constexpr std::size_t kProofHashesMax = 64;  // of an inclusion or consistency proof
inline constexpr std::size_t kCheckpointLinesMax =
    100;  // signature lines that C2SP verifiers accept
inline constexpr std::size_t kGrpcMessageBytesMax = 4 * 1024 * 1024;
inline constexpr std::size_t kInstrumentBytesMax = 4 * 1024 * 1024;  // room for 1,024 signatures
inline constexpr std::size_t kReceiptBytesMax = 4 * 1024 * 1024;
inline constexpr std::size_t kKeyFileBytesMax = 4 * 1024;
inline constexpr std::uint16_t kPeerPortDefault = 7401;
inline constexpr std::uint16_t kClientPortDefault = 7402;
inline constexpr std::uint16_t kWebPortDefault = 7403;

}  // namespace assent

#endif  // ASSENT_LEDGER_LIMITS_H_
