#include "client/templates.h"

#include "absl/strings/str_cat.h"
#include "ledger/rules/rules.h"
#include "ledger/types.h"

namespace assent::client {
namespace {

constexpr std::string_view kAnnualDeclaration = R"(
# The year covered, from 2002, ended or running. One declaration per state and year, due on
# 31 March of the year after; a second one must amend the first (see supersedes).
year = 2025

# Ballistic missile programmes.
[ballistic_missiles]
# NIL        nothing to declare: no programme, no launches
# NO_CHANGE  policy and sites are as in an earlier declaration
# FULL       everything is given here
form = "FULL"
# NO_CHANGE only: index of your earlier declaration that still holds.
# unchanged_since = 12
# FULL only: outline of the policy, at most 16,384 bytes.
policy_outline = "The programme is for national defence only."
# FULL only: sites from which is launched, at most 64. Degrees with up to 6 decimals; south and
# west are negative.
sites = [
  { name = "Example range", location = { latitude = 44.123456, longitude = -1.25 } },
]
# Not for NIL: launches of the year, by generic class of the founding act; no class twice.
launches = [
  { class_id = "BM_SHORT", count = 2 },
]

# Space launch vehicle programmes: the same keys, and observer_policy.
[space_launch]
form = "FULL"
# unchanged_since = 12
policy_outline = "Civil launches for science and communications."
sites = [
  { name = "Example spaceport", location = { latitude = 5.236, longitude = -52.775 } },
]
launches = [
  { class_id = "SLV_HEAVY", count = 6 },
]
# FULL only: policy on inviting observers, at most 16,384 bytes.
observer_policy = "Observers are invited case by case."
)";

constexpr std::string_view kLaunchNotification = R"(
# Your own name for this launch, 1 to 64 bytes, used once only.
reference = "2026-014"
# BALLISTIC_MISSILE (test flights included) or SPACE_LAUNCH.
kind = "SPACE_LAUNCH"
# Generic class of the founding act's list that fits the kind.
class_id = "SLV_MEDIUM"
# The launch window in UTC, at most 7 days. A notification is timely when it is final 24 hours
# before the window starts.
window_start = 2026-06-01T06:00:00Z
window_end = 2026-06-01T12:00:00Z
# How many launches are announced, 1 to 32.
count = 1

# Where: exactly one of site, circle, polygon, sea_area.
[area]
site = { name = "Example spaceport", location = { latitude = 5.236, longitude = -52.775 } }
# circle = { center = { latitude = 5.236, longitude = -52.775 }, radius_m = 20000 }
# polygon = { points = [ { latitude = 1.0, longitude = 179.5 }, { latitude = 2.0, longitude = -179.5 }, { latitude = 1.0, longitude = -179.5 } ] }
# sea_area = "Barents Sea"

# Which way: exactly one of azimuth_deg, sector, compass_point.
[direction]
azimuth_deg = 90
# sector = { from_deg = 350, to_deg = 20 }
# compass_point = "NNE"
)";

constexpr std::string_view kLaunchReport = R"(
# Index of your own notification; leave it out when there was none. NOT_LAUNCHED must name one.
notification = 14
# When it took place, in UTC. Not for NOT_LAUNCHED.
launched_at = 2026-06-01T08:31:00Z
# LAUNCHED, FAILED (attempted and failed) or NOT_LAUNCHED (not in the window).
outcome = "LAUNCHED"
# Kind and class, only when no notification is named.
# kind = "SPACE_LAUNCH"
# class_id = "SLV_MEDIUM"
)";

constexpr std::string_view kWithdrawal = R"(
# Index of your own record that is taken back. It stays on the ledger and is shown as withdrawn.
# What takes back a PUBLIC record is PUBLIC (see visibility).
target = 14
# Why, 1 to 1,024 bytes.
reason = "Filed by mistake."
)";

constexpr std::string_view kLaunchCancellation = R"(
# Index of your own notification whose launches will not take place. It cannot be amended, reported
# on or cancelled again; a launch that takes place after all is notified anew.
# What cancels a PUBLIC notification is PUBLIC (see visibility).
notification = 14
# Why, 1 to 1,024 bytes.
reason = "The campaign was given up."
)";

// Of a draft, of a round and of its presentation.
constexpr std::string_view kRevisionChanges = R"(
# What it changes besides the text, if anything: parameters (seconds; those that are named), and classes
# added to the end of the class list.
# [changes]
# notification_lead_seconds = 86400
# report_due_seconds = 172800
# comment_period_seconds = 5184000
# signature_period_seconds = 15552000
# heartbeat_seconds = 60
# max_clock_skew_seconds = 10
# entries_per_author_and_day = 10000
# classes = [ { id = "SLV_SMALL", kind = "SPACE_LAUNCH", name = "Small launcher" } ]
)";

constexpr std::string_view kRevisionDraft = R"(
# A text for discussion, for members only. `assent revision draft` writes and files this for you.
# Number of the revision in force that it is to replace.
replaces = 0
# 1 to 256 bytes.
title = "First revision"
# The whole text, at most 49,152 bytes. Any change of it is a new draft.
text = """
Article 1
...
"""
# Only of a draft that follows one with a summary: index of that one, and what became of each comment on
# it: ADOPTED, ADOPTED_IN_PART or NOT_ADOPTED, and how, or why not, 1 to 1,024 bytes.
# previous_draft = 20
# answers = [
#   { comments = [ 24, 27 ], outcome = "ADOPTED", reason = "Article 2 names the period." },
# ]
)";

constexpr std::string_view kRevisionCirculate = R"(
# The chair sends a draft to the capitals; its comment period begins.
# Index of the draft.
draft = 20
)";

constexpr std::string_view kRevisionReceipt = R"(
# Your capital has received a circulated draft, or a summary. `assent revision receipt INDEX` fetches it
# and fills in its hash for you.
# Index of the draft or of the summary.
received = 20
# Its text hash, hex.
text_hash = "0000000000000000000000000000000000000000000000000000000000000000"
)";

constexpr std::string_view kRevisionComment = R"(
# What you say of a circulated draft, within its comment period. You have one comment on a draft, and
# amend it.
# Index of the draft.
draft = 20
# 1 to 16,384 bytes.
text = "Article 2 should name a period."
)";

constexpr std::string_view kRevisionSummary = R"(
# The chair sums up the comments on a draft, when its comment period is over.
# Index of the draft.
draft = 20
# 1 to 49,152 bytes.
text = "Most members ask for a period in article 2."
)";

constexpr std::string_view kRevisionPresent = R"(
# The chair makes a final revision public: file it with visibility = "PUBLIC". `assent revision present
# ROUND` fetches the text and fills this in for you.
# Index of the entry that opened its round.
round = 20
# Title and text, as they were signed.
title = "First revision"
text = """
Article 1
...
"""
)";

constexpr std::string_view kExemption = R"(
# What you will not notify: said openly instead of silence. It excuses nothing.
# BALLISTIC_MISSILE or SPACE_LAUNCH.
kind = "SPACE_LAUNCH"
# Generic class that fits the kind; all classes of the kind when left out.
# class_id = "SLV_LIGHT"
# From when until when, in UTC; not from the past. An amendment while it runs keeps its start.
from = 2026-07-01T00:00:00Z
until = 2026-12-31T23:59:59Z
# What is not notified, and why, at most 4,096 bytes.
text = "Sounding rockets of less than 1,000 kg are not notified."
)";

constexpr std::string_view kObservedLaunch = R"(
# A launch of another state that you saw. It is shown as a claim of yours; that state may confirm or
# contest it.
# Code of the state to which you attribute the launch. An amendment keeps it.
attributed = "XYZ"
# When it took place, in UTC.
launched_at = 2026-05-29T22:14:00Z
# BALLISTIC_MISSILE (test flights included) or SPACE_LAUNCH.
kind = "BALLISTIC_MISSILE"
# Generic class of the founding act's list that fits the kind.
class_id = "BM_SHORT"
# By what means it was seen, at most 1,024 bytes.
source = "Infrared, from orbit."
# LOW, MEDIUM or HIGH.
confidence = "MEDIUM"

# Where, if it is known: exactly one of site, circle, polygon, sea_area.
[place]
circle = { center = { latitude = 40.85, longitude = 129.66 }, radius_m = 50000 }
# site = { name = "Example range", location = { latitude = 40.85, longitude = 129.66 } }
# polygon = { points = [ { latitude = 1.0, longitude = 179.5 }, { latitude = 2.0, longitude = -179.5 }, { latitude = 1.0, longitude = -179.5 } ] }
# sea_area = "Sea of Japan"
)";

constexpr std::string_view kObservedLaunchAnswer = R"(
# What you say to a launch that another state has attributed to you. Say it once; to say something
# else, amend it (see supersedes).
# Index of the observation, which has not been amended.
observation = 31
# CONFIRMED or CONTESTED.
answer = "CONTESTED"
# Why, at most 4,096 bytes. What answers an observation for members is for members (see visibility).
text = "No launch took place that day."
)";

constexpr std::string_view kClarificationRequest = R"(
# Asks the author of a record about it. The reply is due within 48 hours, and voluntary.
# Index of the record: another member's. What is asked about a record for members is for members
# (see visibility).
about = 14
# What is asked, at most 4,096 bytes.
question = "Does the window cover both launches?"
)";

constexpr std::string_view kClarificationReply = R"(
# Answers a request about a record of yours. Reply once; to say something else, amend it (see
# supersedes).
# Index of the request.
request = 33
# The answer, at most 16,384 bytes. What answers a request for members is for members (see
# visibility).
text = "It does: they are six hours apart."
)";

constexpr std::string_view kClarificationClose = R"(
# Closes your own request: you ask no more. It has the visibility of the request.
# Index of the request.
request = 33
# Why, 1 to 1,024 bytes.
reason = "That answers it."
)";

constexpr std::string_view kRevisionOpen = R"(
# Opens a round of signatures. `assent revision open` writes and files this for you.
# Number of the revision in force that this one is to replace.
replaces = 0
# 1 to 256 bytes.
title = "First revision"
# The whole text, at most 49,152 bytes.
text = """
Article 1
...
"""
# Index of the draft whose text and changes these are; left out when the text was never circulated.
# draft = 20
)";

constexpr std::string_view kRevisionSign = R"(
# Signs the text of the open round. `assent revision sign ROUND` fetches the text, checks its hash,
# and fills all this in for you.
# Index of the entry that opened the round.
round = 20
# SHA-256 of the text, hex; with changes besides the text as docs/formats.md says.
text_hash = "0000000000000000000000000000000000000000000000000000000000000000"
# Number of the revision that the text replaces.
replaces = 0
# Index of the entry that began your membership; 0 for a founder.
membership = 0
)";

constexpr std::string_view kRevisionObject = R"(
# Ends the open round: you do not consent. It cannot be taken back.
# Index of the entry that opened the round.
round = 20
# Why, 1 to 4,096 bytes.
reason = "Article 3 cannot be carried out."
)";

constexpr std::string_view kRevisionWithdraw = R"(
# Takes your own proposal back.
# Index of the entry that opened the round; or of the draft: exactly one of round, draft.
round = 20
# draft = 20
# Why, 1 to 4,096 bytes.
reason = "A new text is being drafted."
)";

constexpr std::string_view kPledge = R"(
# To eliminate ballistic missiles and to forgo them in future.
# By when; it is ahead, also in an amendment.
target_date = 2032-12-31T00:00:00Z
# What is pledged, at most 16,384 bytes.
text = "All ballistic missiles are destroyed, and none are made or acquired again."
)";

constexpr std::string_view kEndorsement = R"(
# Agrees with a question that the members decide: a SubscriptionNote, a VoteSuspension, an
# AuthorityKeyReplacement or a ChairTerm. `assent members --questions` lists them.
# Index of the entry that opened it.
question = 31
)";

constexpr std::string_view kSubscriptionInvitation = R"(
# The state's code, 3 to 8 letters A-Z (ISO 3166-1 alpha-3 for states that have one).
code = "SWE"
# 1 to 256 bytes.
name = "Sweden"
)";

constexpr std::string_view kSubscriptionDecline = R"(
# Code of an invited state that does not subscribe. It may do so later all the same.
code = "SWE"
# What it answered, 1 to 1,024 bytes.
answer = "The question will be looked at again after the election."
)";

constexpr std::string_view kSubscriptionNote = R"(
# A state's own signed note that it subscribes; any member lodges it. `assent subscription note`,
# run by that state, makes this file whole. The entry opens the question whether the note is really
# that state's.
# The state's serialized SubscriptionStatement, hex, and the signature of it by the state's
# authority key.
statement = "00"
signature = "00"
)";

constexpr std::string_view kMembershipWithdrawal = R"(
# You leave. Your records stay; your signatures in open rounds count no longer. To come back you
# subscribe anew, with new keys.
# Why, 1 to 1,024 bytes.
reason = "The treaty of 2030 takes the place of this Code."
)";

constexpr std::string_view kNodeKeys = R"(
# The keys of your node, all three new, each with its proof of possession:
# `assent key prove SEED --code CODE` prints these six lines; put them at the end of this file.
# vote_key = "0000000000000000000000000000000000000000000000000000000000000000"
# vote_possession = "00"
# checkpoint_key = "0000000000000000000000000000000000000000000000000000000000000000"
# checkpoint_possession = "00"
# transport_key = "0000000000000000000000000000000000000000000000000000000000000000"
# transport_possession = "00"
# Where the node listens for its peers.
peer_endpoint = "node.example:7401"
)";

constexpr std::string_view kVotingStatus = R"(
# Whether your node votes from the next block on. Say false before longer maintenance.
votes = true
# Only for true: one of the 16,384 newest blocks, signed by the node's vote key. The node makes it.
proof = { height = 120, block_hash = "00", signature = "00" }
)";

constexpr std::string_view kVoteSuspension = R"(
# Asks the members to suspend the vote, and nothing else, of a node that is gone.
# Code of the member whose node it is.
member = "FRA"
# Why, 1 to 1,024 bytes.
reason = "Its node has been unreachable for two weeks."
)";

constexpr std::string_view kAuthorityKeyRotation = R"(
# A new authority key of yours, which signs from your next entry on; this entry is still signed by
# the one before. `assent key prove KEY --code CODE` prints these two lines; put them here.
# new_key = "0000000000000000000000000000000000000000000000000000000000000000"
# possession = "00"
)";

constexpr std::string_view kAuthorityKeyRevocation = R"(
# Your authority key signs nothing after this entry. Only the members can give you another
# (AuthorityKeyReplacement): if you have a new one already, rotate instead.
# Why, 1 to 1,024 bytes.
reason = "The safe was broken open."
)";

constexpr std::string_view kAuthorityKeyReplacement = R"(
# Asks the members for a new authority key of a member that has lost its own. When they agree it
# waits for 30 days, in which the key before can refuse. Whatever the new key signs is marked.
# Code of the member.
member = "FRA"
# That member's new key: `assent key prove KEY --code FRA`, run by it, prints these two lines; put
# them here.
# new_key = "0000000000000000000000000000000000000000000000000000000000000000"
# possession = "00"
# Why, 1 to 1,024 bytes.
reason = "The ministry's building has burned down; confirmed by its ambassador."
)";

constexpr std::string_view kKeyReplacementRefusal = R"(
# You have your authority key: the new one that the members want for you, and that waits, is void.
# Why, 1 to 1,024 bytes.
reason = "The key is in our safe."
)";

constexpr std::string_view kContactUpdate = R"(
# How to reach you. What is left out stays as it is; give one at least.
# Where your node listens for its peers.
peer_endpoint = "node.example:7401"
# For people, 1 to 1,024 bytes.
contact = "Department of Disarmament, Example Street 1"
# A new key by which your ministry reads what is for members:
# `assent key prove READER-KEY --code CODE` prints these two lines.
# reader_key = "0000000000000000000000000000000000000000000000000000000000000000"
# reader_possession = "00"
)";

constexpr std::string_view kReleasers = R"(
# Who releases what you file, from the next entry on: each entry then needs one of these, beside your
# authority key. The list takes the place of the one before. An empty one, releasers = [], ends it; so
# does a new authority key that the members give you. Name two at least, and keep one key in a safe:
# whoever has lost all of them files nothing more until the members have given a new authority key.
# At most 16; no name and no key twice.
[[releasers]]
# A person or an office, 1 to 64 bytes, for everybody to read.
name = "Head of Division"
# `assent key prove RELEASER-KEY --name NAME --code CODE` prints these lines, on the machine that has
# the key. A key that was in a list of yours before needs no possession.
public_key = "0000000000000000000000000000000000000000000000000000000000000000"
possession = "00"
)";

constexpr std::string_view kChairTerm = R"(
# Asks the members to have one of them as chair for a time.
# Code of the member that chairs.
chair = "NOR"
# First instant of the term, not before block time, also when the members have agreed.
from = 2027-01-01T00:00:00Z
# First instant after it, at most 731 days later. Terms do not overlap.
until = 2028-01-01T00:00:00Z
)";

constexpr std::string_view kIncentiveOffer = R"(
# An incentive for one pledge of one state, voluntary and case by case. It cannot be amended; rescind
# it with an IncentiveUpdate and make another.
# Code of the member whose pledge it is.
state = "NOR"
# Index of that state's pledge that holds: the newest amendment. What is offered for a MEMBERS pledge
# is MEMBERS (see visibility).
pledge = 14
# The last instant at which it can be answered, in UTC; it is ahead.
expires = 2027-06-30T23:59:59Z
# What is offered, at most 16,384 bytes.
text = "Three launches of civil satellites at cost, by 2031."
)";

constexpr std::string_view kIncentiveAnswer = R"(
# Answers an incentive that was offered to you; once. An accepted one holds your pledge: it cannot be
# withdrawn before the other state has delivered or rescinded. Visibility is that of the offer.
# Index of the offer.
offer = 20
# ACCEPT or DECLINE.
answer = "ACCEPT"
)";

constexpr std::string_view kIncentiveUpdate = R"(
# Ends an offer of your own. It cannot be taken back. Visibility is that of the offer.
# Index of the offer.
offer = 20
# RESCINDED (before it is answered, or after it was accepted) or DELIVERED (after it was accepted).
outcome = "DELIVERED"
# Why, or what was delivered, at most 16,384 bytes.
text = "The third satellite was launched on 4 May."
)";

constexpr std::string_view kAssistanceNotice = R"(
# Code of the state that is assisted, a member or not; an amendment keeps it.
state = "IDN"
# What the assistance is, at most 16,384 bytes.
text = "Training in range safety for twelve engineers."
# When the vigilance review was done, in UTC: before this is filed.
reviewed = 2026-05-04T09:00:00Z
# What was reviewed and found, at most 16,384 bytes.
review = "The course does not touch propulsion, guidance or re-entry. Nothing in it serves missiles."
)";

constexpr std::string_view kObserverInvitation = R"(
# The launch site. Degrees with up to 6 decimals; south and west are negative.
site = { name = "Example spaceport", location = { latitude = 5.236, longitude = -52.775 } }
# The visit, in UTC. The invitation can be answered until it ends; that is ahead, also in an amendment.
from = 2026-09-07T08:00:00Z
until = 2026-09-11T18:00:00Z
# What observers may see and do, at most 16,384 bytes.
access = "Assembly hall, control room and a launch, with an escort. No cameras."
# For how many observers there is room, 1 to 1,000; an amendment leaves room for those accepted.
places = 8
# Codes of the members invited, at most 256; an amendment keeps those that have accepted.
invited = ["JPN", "NOR"]
)";

constexpr std::string_view kObserverInvitationAnswer = R"(
# Index of the invitation: of its newest amendment. What is said to a MEMBERS invitation is MEMBERS (see
# visibility).
invitation = 14
# ACCEPT or DECLINE. One answer for each invitation; a change of mind amends it (see supersedes).
answer = "ACCEPT"
# ACCEPT only: how many observers come.
places = 2
)";

constexpr std::string_view kConference = R"(
# You are the host.
# 1 to 256 bytes.
title = "Second regular meeting"
# Where, 1 to 256 bytes.
venue = "The Hague"
# In UTC. The invitation can be answered until the conference ends; that is ahead, also in an
# amendment.
from = 2026-11-25T09:00:00Z
until = 2026-11-26T17:00:00Z
# Who is invited besides you, members or not, at most 256; an amendment keeps those that have accepted.
invited = [
  { code = "JPN", name = "Japan" },
  { code = "MEX", name = "Mexico" },
]
)";

constexpr std::string_view kConferenceAnswer = R"(
# Index of the conference: of its newest amendment. What is said to a MEMBERS conference is MEMBERS (see
# visibility).
conference = 14
# Code of the invited state whose answer this is: your own, or that of a state that is no member, for
# which you lodge it. Who lodged it is shown.
state = "MEX"
# ACCEPT or DECLINE. A change of mind amends it (see supersedes).
answer = "ACCEPT"
)";

constexpr std::string_view kConferenceAttendance = R"(
# Index of your own conference, which has begun. What is said of a MEMBERS conference is MEMBERS (see
# visibility).
conference = 14
# Codes of the invited states that attended. A correction amends it (see supersedes).
attended = ["JPN", "MEX"]
)";

constexpr std::string_view kInspectorAccreditation = R"(
# Accredits a key, whose holder then reads what is for members. An accreditation cannot be amended:
# end it and give another.
# Public key of the inspector, hex: `assent keygen reader` makes one, `assent key show FILE` shows it.
public_key = "0000000000000000000000000000000000000000000000000000000000000000"
# Who holds it, 1 to 256 bytes.
name = "Example Institute"
# The term in UTC; it ends at most 731 days from now.
from = 2026-06-01T00:00:00Z
until = 2027-06-01T00:00:00Z
# The scope: every body, or else only those of some states, of some types of record, or of these
# types by these states.
all_bodies = true
# authors = ["FRA", "NOR"]
# types = ["LaunchNotification", "LaunchReport"]
)";

constexpr std::string_view kInspectorAccreditationEnd = R"(
# Ends an accreditation of your own from this entry on, for good; open streams of the key end too.
# It has the visibility of the accreditation.
# Index of the entry that gave it.
accreditation = 30
# Why, 1 to 1,024 bytes.
reason = "The inspection is done."
)";

constexpr std::string_view kHead = R"(
# File it with: assent file FILE. All values here are examples.
template = true  # remove this line when the file is filled in

)";

constexpr std::string_view kEitherVisibility =
    R"(# MEMBERS (and inspectors they accredit) or PUBLIC: who may read it. It can be widened later, never
# narrowed.
visibility = "MEMBERS"
)";

constexpr std::string_view kPublicOnly =
    R"(# Who is a member, and which keys speak for it, is for everybody to know.
visibility = "PUBLIC"
)";

constexpr std::string_view kTimes = R"(# When it was issued; the present when left out.
# issued_at = 2026-05-30T09:00:00Z
# The entry can never be on the ledger after this time; 7 days from now when left out.
# not_after = 2026-06-06T09:00:00Z
)";

constexpr std::string_view kSupersedes =
    R"(# Index of your own current record of this type that this one amends.
# supersedes = 12
)";

}  // namespace

const std::vector<RecordTemplate>& RecordTemplates() {
  // A table of TOML ends what stands before it: these have theirs last.
  static const auto& draft =
      *new std::string(absl::StrCat(AbslView(kRevisionDraft), AbslView(kRevisionChanges)));
  static const auto& open =
      *new std::string(absl::StrCat(AbslView(kRevisionOpen), AbslView(kRevisionChanges)));
  static const auto& present =
      *new std::string(absl::StrCat(AbslView(kRevisionPresent), AbslView(kRevisionChanges)));
  static const auto& templates = *new std::vector<RecordTemplate>{
      {"annual-declaration", "AnnualDeclaration", "yearly statement of policy, sites and launches",
       kAnnualDeclaration},
      {"launch-notification", "LaunchNotification", "a launch announced beforehand",
       kLaunchNotification},
      {"launch-report", "LaunchReport", "what became of a launch", kLaunchReport},
      {"withdrawal", "Withdrawal", "takes back a record of your own", kWithdrawal},
      {"launch-cancellation", "LaunchCancellation", "launches that will not take place",
       kLaunchCancellation},
      {"revision-draft", "RevisionDraft", "proposes a text for discussion", draft},
      {"revision-circulate", "RevisionCirculate", "the chair sends a draft to the capitals",
       kRevisionCirculate},
      {"revision-receipt", "RevisionReceipt", "a capital has a draft or a summary",
       kRevisionReceipt},
      {"revision-comment", "RevisionComment", "what you say of a draft", kRevisionComment},
      {"revision-summary", "RevisionSummary", "the chair sums up the comments on a draft",
       kRevisionSummary},
      {"exemption", "Exemption", "what you will not notify", kExemption},
      {"observed-launch", "ObservedLaunch", "a launch of another state that you saw",
       kObservedLaunch},
      {"observed-launch-answer", "ObservedLaunchAnswer",
       "confirms or contests a launch attributed to you", kObservedLaunchAnswer},
      {"clarification-request", "ClarificationRequest", "asks another member about its record",
       kClarificationRequest},
      {"clarification-reply", "ClarificationReply", "answers a request about a record of yours",
       kClarificationReply},
      {"clarification-close", "ClarificationClose", "closes your own request", kClarificationClose},
      {"revision-open", "RevisionOpen", "opens a round of signatures on a text", open},
      {"revision-sign", "RevisionSign", "signs the text of the open round", kRevisionSign},
      {"revision-object", "RevisionObject", "ends the open round without consent", kRevisionObject},
      {"revision-withdraw", "RevisionWithdraw", "takes your own proposal back", kRevisionWithdraw},
      {"revision-present", "RevisionPresent", "the chair makes a final revision public", present},
      {"pledge", "Pledge", "to eliminate ballistic missiles and forgo them", kPledge},
      {"endorsement", "Endorsement", "agrees with a question that the members decide", kEndorsement,
       TemplateVisibility::kPublic},
      {"subscription-invitation", "SubscriptionInvitation", "asks a state to subscribe",
       kSubscriptionInvitation, TemplateVisibility::kPublic},
      {"subscription-decline", "SubscriptionDecline", "an invited state does not subscribe",
       kSubscriptionDecline, TemplateVisibility::kPublic},
      {"subscription-note", "SubscriptionNote", "a state's own note that it subscribes",
       kSubscriptionNote, TemplateVisibility::kPublic},
      {"membership-withdrawal", "MembershipWithdrawal", "you are a member no longer",
       kMembershipWithdrawal, TemplateVisibility::kPublic},
      {"node-keys", "NodeKeys", "the keys of your node, and where it listens", kNodeKeys,
       TemplateVisibility::kPublic},
      {"voting-status", "VotingStatus", "whether your node votes", kVotingStatus,
       TemplateVisibility::kPublic},
      {"vote-suspension", "VoteSuspension", "to suspend the vote of a node that is gone",
       kVoteSuspension, TemplateVisibility::kPublic},
      {"authority-key-rotation", "AuthorityKeyRotation", "a new authority key of yours",
       kAuthorityKeyRotation, TemplateVisibility::kPublic},
      {"authority-key-revocation", "AuthorityKeyRevocation",
       "your authority key signs nothing any more", kAuthorityKeyRevocation,
       TemplateVisibility::kPublic},
      {"authority-key-replacement", "AuthorityKeyReplacement",
       "a new authority key of a member that has lost its own", kAuthorityKeyReplacement,
       TemplateVisibility::kPublic},
      {"key-replacement-refusal", "KeyReplacementRefusal",
       "you have your authority key: no new one is needed", kKeyReplacementRefusal,
       TemplateVisibility::kPublic},
      {"contact-update", "ContactUpdate", "how to reach you", kContactUpdate,
       TemplateVisibility::kPublic},
      {"releasers", "Releasers", "who releases what you file", kReleasers,
       TemplateVisibility::kPublic},
      {"chair-term", "ChairTerm", "to have a member as chair for a time", kChairTerm,
       TemplateVisibility::kPublic},
      {"incentive-offer", "IncentiveOffer", "something for one pledge of one state",
       kIncentiveOffer},
      {"incentive-answer", "IncentiveAnswer", "accepts or declines what is offered to you",
       kIncentiveAnswer},
      {"incentive-update", "IncentiveUpdate", "rescinds an offer of your own, or has delivered it",
       kIncentiveUpdate},
      {"assistance-notice", "AssistanceNotice", "help for another state's space launches",
       kAssistanceNotice},
      {"observer-invitation", "ObserverInvitation", "invites observers to a launch site",
       kObserverInvitation},
      {"observer-invitation-answer", "ObserverInvitationAnswer", "whether your observers come",
       kObserverInvitationAnswer},
      {"conference", "Conference", "invites states to a conference", kConference},
      {"conference-answer", "ConferenceAnswer", "whether an invited state comes",
       kConferenceAnswer},
      {"conference-attendance", "ConferenceAttendance", "who attended a conference of your own",
       kConferenceAttendance},
      {"inspector-accreditation", "InspectorAccreditation",
       "lets the holder of a key read what is for members", kInspectorAccreditation},
      {"inspector-accreditation-end", "InspectorAccreditationEnd", "ends an accreditation",
       kInspectorAccreditationEnd},
  };
  return templates;
}

const RecordTemplate* FindTemplate(std::string_view name) {
  for (const RecordTemplate& record : RecordTemplates()) {
    if (record.command == name || record.type == name) return &record;
  }
  return nullptr;
}

std::string TemplateFile(const RecordTemplate& record) {
  return absl::StrCat(
      "# ", AbslView(record.type), ": ", AbslView(record.summary), ".", AbslView(kHead),
      AbslView(record.visibility == TemplateVisibility::kPublic ? kPublicOnly : kEitherVisibility),
      AbslView(kTimes), rules::IsAmendable(record.type) ? AbslView(kSupersedes) : "", "\ntype = \"",
      AbslView(record.type), "\"\n", AbslView(record.text));
}

}  // namespace assent::client
