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
)";

constexpr std::string_view kRevisionSign = R"(
# Signs the text of the open round. `assent revision sign ROUND` fetches the text, checks its hash,
# and fills all this in for you.
# Index of the entry that opened the round.
round = 20
# SHA-256 of the text, hex.
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
# Index of the entry that opened the round.
round = 20
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

constexpr std::string_view kHead = R"(
# File it with: assent file FILE. All values here are examples.
template = true  # remove this line when the file is filled in

# MEMBERS (and inspectors they accredit) or PUBLIC: who may read it. It can be widened later, never
# narrowed.
visibility = "MEMBERS"
# When it was issued; the present when left out.
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
  static const auto& templates = *new std::vector<RecordTemplate>{
      {"annual-declaration", "AnnualDeclaration", "yearly statement of policy, sites and launches",
       kAnnualDeclaration},
      {"launch-notification", "LaunchNotification", "a launch announced beforehand",
       kLaunchNotification},
      {"launch-report", "LaunchReport", "what became of a launch", kLaunchReport},
      {"withdrawal", "Withdrawal", "takes back a record of your own", kWithdrawal},
      {"launch-cancellation", "LaunchCancellation", "launches that will not take place",
       kLaunchCancellation},
      {"revision-open", "RevisionOpen", "opens a round of signatures on a new text", kRevisionOpen},
      {"revision-sign", "RevisionSign", "signs the text of the open round", kRevisionSign},
      {"revision-object", "RevisionObject", "ends the open round without consent", kRevisionObject},
      {"revision-withdraw", "RevisionWithdraw", "takes your own proposal back", kRevisionWithdraw},
      {"pledge", "Pledge", "to eliminate ballistic missiles and forgo them", kPledge},
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
  return absl::StrCat("# ", AbslView(record.type), ": ", AbslView(record.summary), ".",
                      AbslView(kHead), rules::IsAmendable(record.type) ? AbslView(kSupersedes) : "",
                      "\ntype = \"", AbslView(record.type), "\"\n", AbslView(record.text));
}

}  // namespace assent::client
