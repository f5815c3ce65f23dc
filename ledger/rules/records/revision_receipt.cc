// RevisionReceipt: a capital says that it has received a circulated draft, or a summary.
#include <array>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "ledger/bytes.h"
#include "ledger/rules/drafts.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/rounds.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace revision_receipt {

constexpr Rule kReceivedMissing{"RECEIVED_MISSING", "What was received is named."};
constexpr Rule kReceivedUnknown{"RECEIVED_UNKNOWN",
                                "What was received is a circulated draft or a summary."};
constexpr Rule kWrongText{"WRONG_TEXT", "The text hash is that of what was received."};
constexpr Rule kAlreadyReceived{"ALREADY_RECEIVED", "A member confirms a receipt once."};

constexpr std::array kRules{kDraftPublic, kReceivedMissing, kReceivedUnknown, kWrongText,
                            kAlreadyReceived};

// Hash of the circulated draft or the summary at `index`.
std::optional<std::string> HashOf(const StateView& state, std::uint64_t index) {
  if (const auto draft = LoadDraft(state, index)) {
    if (!draft->state.has_circulated_by()) return std::nullopt;
    return draft->state.text_hash();
  }
  if (const auto summary = LoadSummary(state, index)) return summary->text_hash();
  return std::nullopt;
}

std::optional<Refusal> ApplyReceipt(const Filing& filing) {
  const v1::RevisionReceipt& said = filing.body.revision_receipt();
  if (auto refusal = RefusePublicDraft(filing)) return refusal;
  if (!said.has_received()) {
    return Refuse(kReceivedMissing, "received",
                  "what was received is missing: name the draft or the summary");
  }
  const auto hash = HashOf(filing.state, said.received());
  if (!hash) {
    return Refuse(kReceivedUnknown, "received",
                  absl::StrCat("entry ", said.received(),
                               " is no circulated draft and no summary: list the drafts"));
  }
  if (said.text_hash() != *hash) {
    return Refuse(kWrongText, "text_hash",
                  absl::StrCat("another text was received: that of entry ", said.received(),
                               " has the hash ", ToHex(*hash)));
  }
  const std::string key = ReceivedKey(EntryIndex(said.received()), filing.author);
  const auto before = Load<v1::DraftReceiptState>(filing.state, key);
  if (before && before->membership() == filing.member.membership()) {
    return Refuse(
        kAlreadyReceived, absl::StrCat("entry ", said.received()),
        absl::StrCat(filing.author.str(), " has confirmed the receipt of entry ", said.received(),
                     " in entry ", before->index(), ": nothing is left to do"));
  }
  v1::DraftReceiptState receipt;
  receipt.set_index(filing.position.index.value());
  receipt.set_time_us(filing.position.time.us);
  receipt.set_membership(filing.member.membership());
  Save(filing.state, key, receipt);
  return std::nullopt;
}

}  // namespace revision_receipt

extern const RecordHandler kRevisionReceipt;
constinit const RecordHandler kRevisionReceipt{
    .name = "RevisionReceipt",
    .field = v1::Body::kRevisionReceipt,
    .rules = revision_receipt::kRules,
    .apply = revision_receipt::ApplyReceipt,
};

}  // namespace assent::rules
