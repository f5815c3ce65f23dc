// The fixed words of a founding act, shared by what writes it and what reads it. Do not change:
// they are part of what founders sign.
#ifndef ASSENT_LEDGER_ACT_ACT_LINES_H_
#define ASSENT_LEDGER_ACT_ACT_LINES_H_

#include <array>
#include <cstdint>
#include <string_view>

#include "ledger/act/founding_act.h"
#include "ledger/limits.h"

namespace assent::act_lines {

inline constexpr std::string_view kTitle = "FOUNDING ACT OF AN ASSENT LEDGER, FORMAT 1";
inline constexpr std::string_view kOrigin = "origin: ";
inline constexpr std::string_view kFounded = "founded: ";
inline constexpr std::string_view kParameters = "PARAMETERS";
inline constexpr std::string_view kEntriesPerDay = "entries per author and day: ";
inline constexpr std::string_view kClasses = "LAUNCH CLASSES";
inline constexpr std::string_view kBallisticMissile = ", ballistic missile: ";
inline constexpr std::string_view kSpaceLaunch = ", space launch: ";
inline constexpr std::string_view kCode = "REVISION 0 OF THE CODE";
inline constexpr std::string_view kCodeTitle = "title: ";
inline constexpr char kCodeLine = '|';
inline constexpr std::string_view kFounder = "FOUNDER ";
inline constexpr std::string_view kName = "name: ";
inline constexpr std::string_view kPeerEndpoint = "peer endpoint: ";
inline constexpr std::string_view kSignatures = "-- signatures --";

// A parameter that is written in seconds.
struct Period {
  std::string_view label;
  Duration ActParameters::*field;
  std::int64_t seconds_min;
  std::int64_t seconds_max;
};
inline constexpr std::array<Period, 6> kPeriods{{
    {"notification lead, seconds: ", &ActParameters::notification_lead, 0, kActPeriodSecondsMax},
    {"report due, seconds: ", &ActParameters::report_due, 0, kActPeriodSecondsMax},
    {"comment period, seconds: ", &ActParameters::comment_period, 0, kActPeriodSecondsMax},
    {"signature period, seconds: ", &ActParameters::signature_period, 1, kActPeriodSecondsMax},
    {"heartbeat, seconds: ", &ActParameters::heartbeat, 1, kActHeartbeatSecondsMax},
    {"largest clock skew, seconds: ", &ActParameters::max_clock_skew, 1, kActClockSkewSecondsMax},
}};

// A founder's keys, in the order in which they are written.
struct Key {
  KeyRole which;
  std::string_view label;
  PublicKey Founder::*field;
};
inline constexpr std::array<Key, 5> kKeys{{
    {KeyRole::kAuthority, "authority key: ", &Founder::authority_key},
    {KeyRole::kVote, "vote key: ", &Founder::vote_key},
    {KeyRole::kCheckpoint, "checkpoint key: ", &Founder::checkpoint_key},
    {KeyRole::kTransport, "transport key: ", &Founder::transport_key},
    {KeyRole::kReader, "reader key: ", &Founder::reader_key},
}};

}  // namespace assent::act_lines

#endif  // ASSENT_LEDGER_ACT_ACT_LINES_H_
