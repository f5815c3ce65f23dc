// SubscriptionNote: a state's own signed note that it subscribes, lodged by any member. Open to
// all, vetoed by none: the members attest that the note is really that state's, and there is no
// question whether it may join. A false note stops no true one: each is a question of its own.
#include <array>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/crypto/keys.h"
#include "ledger/entry/strict.h"
#include "ledger/limits.h"
#include "ledger/rules/key_registry.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/membership.h"
#include "ledger/rules/questions.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/subscription.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace subscription_note {

constexpr Rule kStatementMalformed{"STATEMENT_MALFORMED",
                                   "The statement is well formed, without unknown fields."};
constexpr Rule kStatementLedger{"STATEMENT_LEDGER", "The statement names this ledger."};
constexpr Rule kContactInvalid{"CONTACT_INVALID", "A contact of 1 to 1,024 bytes is given."};
constexpr Rule kSignatureInvalid{"SIGNATURE_INVALID",
                                 "The statement is signed by the authority key that it names."};
constexpr Rule kLedgerFull{"LEDGER_FULL", "The ledger has fewer than 1,024 members."};

constexpr std::array kRules{kNotPublic,     kStatementMalformed, kStatementLedger,   kCodeInvalid,
                            kAlreadyMember, kNameInvalid,        kContactInvalid,    kKeyInvalid,
                            kKeyRegistered, kSignatureInvalid,   kPossessionInvalid, kLedgerFull};

std::array<NewKey, 2> KeysOf(const v1::SubscriptionStatement& said) {
  return {{{KeyRole::kAuthority, "authority_key", said.authority_key(), ""},
           {KeyRole::kReader, "reader_key", said.reader_key(), said.reader_possession()}}};
}

// What can change between the note and its attestation.
std::optional<Refusal> RefuseNow(const Filing& filing, const v1::SubscriptionStatement& said,
                                 std::optional<MemberCode>& code) {
  if (auto refusal = RefuseBadState(filing, said.code(), code)) return refusal;
  if (auto refusal = RefuseBadKeys(filing, KeysOf(said))) return refusal;
  if (CountMembers(filing.state) >= kMembersMax) {
    return Refuse(kLedgerFull, code->str(),
                  absl::StrCat("the ledger has ", kMembersMax, " members, which is its limit"));
  }
  return std::nullopt;
}

std::optional<Refusal> RefuseBadStatement(const Filing& filing,
                                          const v1::SubscriptionStatement& said) {
  if (said.ledger_id() != filing.ledger.ledger_id()) {
    return Refuse(kStatementLedger, "ledger_id",
                  absl::StrCat("the statement is for ledger ", ToHex(said.ledger_id()),
                               "; this one is ", ToHex(filing.ledger.ledger_id())));
  }
  if (auto refusal = RefuseBadName(said.name())) return refusal;
  return RefuseBadText(kContactInvalid, "contact", said.contact(), kContactBytesMax, Lines::kMany);
}

// Keys that the statement brings: RefuseNow has passed.
std::optional<Refusal> RefuseUnsigned(const Filing& filing, const v1::SubscriptionNote& note,
                                      const v1::SubscriptionStatement& said,
                                      const MemberCode& code) {
  const auto signature = Signature::From(note.signature());
  if (!signature || !Verify(*PublicKey::From(said.authority_key()), tag::kSubscription,
                            note.statement(), *signature)) {
    return Refuse(kSignatureInvalid, "signature",
                  "the statement is not signed by its authority key: have the state sign it anew");
  }
  const auto keys = KeysOf(said);
  return RefuseUnprovenKeys(filing, code, std::span(keys).subspan(1));
}

v1::SubscriptionStatement StatementOf(const v1::QuestionState& question) {
  v1::SubscriptionStatement said;
  said.ParseFromString(question.subscription_note().statement());
  return said;
}

std::optional<Refusal> CheckNote(const Filing& filing, const v1::QuestionState& question) {
  std::optional<MemberCode> code;
  return RefuseNow(filing, StatementOf(question), code);
}

void BeginMembership(const Filing& filing, EntryIndex /*id*/, const v1::QuestionState& question) {
  const v1::SubscriptionStatement said = StatementOf(question);
  const MemberCode code = *MemberCode::From(said.code());
  const Since since = AfterEntry(filing);
  for (const NewKey& key : KeysOf(said)) RegisterKey(filing, code, key, since);
  v1::MemberState member;
  member.set_name(said.name());
  member.set_authority_key(said.authority_key());
  member.set_reader_key(said.reader_key());
  member.set_contact(said.contact());
  member.set_membership(filing.position.index.value());
  member.set_member_since_us(filing.position.time.us);
  SaveMember(filing.state, code, member, since);
}

constexpr QuestionRules kQuestion{
    .asked = v1::QuestionState::kSubscriptionNote,
    .check = CheckNote,
    .take_effect = BeginMembership,
    .about = [](const v1::QuestionState& question) { return StatementOf(question).code(); },
};

std::optional<Refusal> ApplyNote(const Filing& filing) {
  const v1::SubscriptionNote& note = filing.body.subscription_note();
  if (auto refusal = RefuseUnlessPublic(filing)) return refusal;
  v1::SubscriptionStatement said;
  if (const absl::Status parsed = ParseStrict(note.statement(), said); !parsed.ok()) {
    return Refuse(kStatementMalformed, "statement",
                  absl::StrCat("the statement cannot be read: ", parsed.message()));
  }
  if (auto refusal = RefuseBadStatement(filing, said)) return refusal;
  std::optional<MemberCode> code;
  if (auto refusal = RefuseNow(filing, said, code)) return refusal;
  if (auto refusal = RefuseUnsigned(filing, note, said, *code)) return refusal;

  v1::SubscriptionState noted;
  noted.set_status(static_cast<std::uint32_t>(SubscriptionStatus::kNoted));
  noted.set_name(said.name());
  noted.set_question(filing.position.index.value());
  SaveSubscription(filing.state, *code, noted, AfterEntry(filing));
  v1::QuestionState question;
  *question.mutable_subscription_note() = note;
  OpenQuestion(filing, std::move(question));
  return std::nullopt;
}

}  // namespace subscription_note

extern const RecordHandler kSubscriptionNote;
constinit const RecordHandler kSubscriptionNote{
    .name = "SubscriptionNote",
    .field = v1::Body::kSubscriptionNote,
    .rules = subscription_note::kRules,
    .apply = subscription_note::ApplyNote,
    .question = &subscription_note::kQuestion,
    .membership = true,
};

}  // namespace assent::rules
