// The founding act: a text that people can read and compare, signed by every founder. It fixes the
// ledger's name, parameters, class list, first text of the Code and first members; SHA-256 of its
// text is the ledger id. Format: docs/formats.md.
#ifndef ASSENT_LEDGER_ACT_FOUNDING_ACT_H_
#define ASSENT_LEDGER_ACT_FOUNDING_ACT_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/bytes.h"
#include "ledger/crypto/keys.h"
#include "ledger/membership/key_role.h"
#include "ledger/membership/voters.h"
#include "ledger/types.h"

namespace assent {

// What the Code leaves to its founders. All in seconds or counts in the text.
struct ActParameters {
  Duration notification_lead = Hours(24);
  Duration report_due = Hours(48);
  Duration comment_period = Days(60);
  Duration signature_period = Days(180);
  Duration heartbeat = Seconds(60);
  Duration max_clock_skew = Seconds(10);
  std::uint32_t entries_per_author_and_day = 10'000;
};

// What a class of the class list is for.
enum class ClassKind { kBallisticMissile, kSpaceLaunch };

struct LaunchClass {
  std::string id;  // 2 to 32 of A-Z, 0-9, _
  ClassKind kind;
  std::string name;  // for people
};

struct Founder {
  MemberCode code;
  std::string name;
  PublicKey authority_key;
  PublicKey vote_key;
  PublicKey checkpoint_key;
  PublicKey transport_key;
  PublicKey reader_key;
  std::string peer_endpoint;  // host:port for other nodes
};

// The signed part.
struct ActText {
  std::string origin;  // name of the ledger in checkpoints, e.g. code.example/assent
  Time founded;        // time of height 0; the first block is later
  ActParameters parameters;
  std::vector<LaunchClass> classes;  // in the order of the text; ids distinct
  std::string code_title;
  std::string code_text;          // revision 0; lines end in LF
  std::vector<Founder> founders;  // in code order
};

struct FoundingAct {
  ActText text;
  LedgerId ledger_id;  // SHA-256 of FormatActText(text)
  // Every founder's authority key signs, and each of its other keys to show that it has them.
  std::map<std::pair<MemberCode, KeyRole>, Signature> signatures;

  VoterSet voters() const;  // all founders vote. Only for an act that CheckAct accepts.
};

// The one form of this text, and of the whole file. Only for a text that CheckActText accepts: of
// another the form may not be read back as the same.
std::string FormatActText(const ActText& text);
std::string FormatAct(const FoundingAct& act);
// One class as its line in the text, with the line end.
std::string FormatClassLine(const LaunchClass& launch_class);

// Ok when every value is within its limits and can be written without loss: whole seconds, texts as
// CheckText wants them, founders in code order. InvalidArgument says what is wrong.
absl::Status CheckActText(const ActText& text);

// The same for a part of it: parameters; a class list. InvalidArgument says what is wrong.
absl::Status CheckActParameters(const ActParameters& parameters);
absl::Status CheckLaunchClasses(const std::vector<LaunchClass>& classes);

// Strict: an act has one form only, so text, and so ledger id, are the same for all who read it.
// InvalidArgument gives the line and what is wrong. Signatures may be missing; those that are there
// are not checked.
absl::StatusOr<FoundingAct> ParseAct(std::string_view file);

// Signs by one key of one founder. The authority key signs assent/act/v1, the others
// assent/possession/v1, both over the ledger id (possession: ledger id || code || key name).
Signature SignAct(const LedgerId& ledger, const MemberCode& code, KeyRole which,
                  const SigningKey& key);

// Ok when the act is complete: at least one founder, all keys and checkpoint key ids distinct,
// every signature there and good. FailedPrecondition lists what is missing; InvalidArgument what is
// wrong.
absl::Status CheckAct(const FoundingAct& act);

}  // namespace assent

#endif  // ASSENT_LEDGER_ACT_FOUNDING_ACT_H_
