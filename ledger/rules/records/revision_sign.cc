// RevisionSign: a member consents to the text of the open round. The signature that completes the
// members makes the text the revision in force.
#include <array>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "ledger/bytes.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/rounds.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace revision_sign {

constexpr Rule kWrongText{"WRONG_TEXT", "The text hash is that of the round's text."};
constexpr Rule kWrongReplaces{
    "WRONG_REPLACES", "The revision to be replaced is given: the one that the round names."};
constexpr Rule kWrongMembership{"WRONG_MEMBERSHIP",
                                "The membership is given: the one that the signer has now."};
constexpr Rule kAlreadySigned{"ALREADY_SIGNED", "A member signs a round once."};
constexpr Rule kEndorsedKey{"ENDORSED_KEY",
                            "The round was opened after the members' replacement of the signer's "
                            "key, if there was one, took force."};

constexpr std::array kRules{kDraftPublic,   kRoundMissing,    kRoundUnknown,   kRoundFinal,
                            kRoundObjected, kRoundLapsed,     kRoundWithdrawn, kWrongText,
                            kWrongReplaces, kWrongMembership, kAlreadySigned,  kEndorsedKey};

std::optional<Refusal> RefuseBadBinding(const Filing& filing, const v1::RevisionSign& said,
                                        const StoredRound& round) {
  if (said.text_hash() != round.state.text_hash()) {
    return Refuse(kWrongText, "text_hash",
                  absl::StrCat("the signature is for another text: that of round ",
                               round.id.value(), " has the hash ", ToHex(round.state.text_hash())));
  }
  if (!said.has_replaces()) {
    return Refuse(kWrongReplaces, "replaces",
                  absl::StrCat("the revision to be replaced is missing: round ", round.id.value(),
                               " names ", round.state.replaces()));
  }
  if (said.replaces() != round.state.replaces()) {
    return Refuse(kWrongReplaces, "replaces",
                  absl::StrCat("round ", round.id.value(), " is to replace revision ",
                               round.state.replaces(), ", not ", said.replaces()));
  }
  if (!said.has_membership()) {
    return Refuse(kWrongMembership, "membership",
                  absl::StrCat("the membership is missing: that of ", filing.author.str(), " is ",
                               filing.member.membership()));
  }
  if (said.membership() != filing.member.membership()) {
    return Refuse(kWrongMembership, "membership",
                  absl::StrCat("the membership of ", filing.author.str(), " is ",
                               filing.member.membership(), ", not ", said.membership()));
  }
  const auto before = Load<v1::SignatureState>(filing.state, SignatureKey(round.id, filing.author));
  if (before && before->membership() == filing.member.membership()) {
    return Refuse(kAlreadySigned, absl::StrCat("round ", round.id.value()),
                  absl::StrCat(filing.author.str(), " has signed round ", round.id.value(),
                               " in entry ", before->index(), ": nothing is left to do"));
  }
  if (filing.member.has_endorsed_since() && round.id.value() < filing.member.endorsed_since()) {
    return Refuse(kEndorsedKey, absl::StrCat("round ", round.id.value()),
                  absl::StrCat("the key of ", filing.author.str(),
                               " came by the members' endorsement, and signs no round that was "
                               "opened before entry ",
                               filing.member.endorsed_since(), ": sign the next one"));
  }
  return std::nullopt;
}

// What a membership that has ended signed stays where answers for older heights find it.
void KeepVoidSignature(const Filing& filing, EntryIndex round) {
  const auto before = Load<v1::SignatureState>(filing.state, SignatureKey(round, filing.author));
  if (!before) return;
  Save(filing.state, VoidSignatureKey(round, filing.author, EntryIndex(before->index())), *before);
}

std::optional<Refusal> ApplySign(const Filing& filing) {
  const v1::RevisionSign& said = filing.body.revision_sign();
  std::optional<StoredRound> round;
  if (auto refusal = FindOpenRound(filing, said.has_round(), said.round(), round)) return refusal;
  if (auto refusal = RefuseBadBinding(filing, said, *round)) return refusal;

  KeepVoidSignature(filing, round->id);
  v1::SignatureState signature;
  signature.set_index(filing.position.index.value());
  signature.set_time_us(filing.position.time.us);
  signature.set_membership(filing.member.membership());
  signature.set_endorsed(filing.member.has_endorsed_since());
  Save(filing.state, SignatureKey(round->id, filing.author), signature);
  if (IsComplete(filing.state, round->id)) PutInForce(filing, *std::move(round));
  return std::nullopt;
}

}  // namespace revision_sign

extern const RecordHandler kRevisionSign;
constinit const RecordHandler kRevisionSign{
    .name = "RevisionSign",
    .field = v1::Body::kRevisionSign,
    .rules = revision_sign::kRules,
    .apply = revision_sign::ApplySign,
};

}  // namespace assent::rules
