#include "ledger/rules/drafts.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "ledger/rules/chair.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {

std::optional<StoredDraft> LoadDraft(const StateView& state, std::uint64_t index) {
  const EntryIndex id(index);
  if (id >= kFirstWaitingIndex) return std::nullopt;
  auto found = Load<v1::DraftState>(state, DraftKey(id));
  if (!found) return std::nullopt;
  return StoredDraft{.id = id, .state = *std::move(found)};
}

std::optional<Refusal> FindLiveDraft(const Filing& filing, bool has_draft, std::uint64_t index,
                                     std::optional<StoredDraft>& draft) {
  if (!has_draft) {
    return Refuse(kDraftMissing, "draft", "the draft is missing: name the entry that filed it");
  }
  const std::string name = absl::StrCat("draft ", index);
  auto found = LoadDraft(filing.state, index);
  if (!found) {
    return Refuse(kDraftUnknown, "draft",
                  absl::StrCat("entry ", index, " is no draft: list the drafts"));
  }
  if (found->state.has_withdrawn_by()) {
    return Refuse(kDraftWithdrawn, name,
                  absl::StrCat(name, " was taken back by ", found->state.author(), " in entry ",
                               found->state.withdrawn_by(), ": a new text needs a new draft"));
  }
  if (found->state.replaces() != filing.ledger.revision()) {
    return Refuse(
        kDraftOvertaken, name,
        absl::StrCat(name, " was to replace revision ", found->state.replaces(), ", but ",
                     filing.ledger.revision(), " is in force: file a draft that replaces that"));
  }
  draft = std::move(found);
  return std::nullopt;
}

std::optional<Refusal> FindCirculatedDraft(const Filing& filing, bool has_draft,
                                           std::uint64_t index, std::optional<StoredDraft>& draft) {
  if (auto refusal = FindLiveDraft(filing, has_draft, index, draft)) return refusal;
  if (draft->state.has_circulated_by()) return std::nullopt;
  return Refuse(
      kDraftNotCirculated, absl::StrCat("draft ", index),
      absl::StrCat("draft ", index, " has not been circulated yet: the chair circulates it first"));
}

std::optional<v1::SummaryState> LoadSummary(const StateView& state, std::uint64_t index) {
  const EntryIndex id(index);
  if (id >= kFirstWaitingIndex) return std::nullopt;
  return Load<v1::SummaryState>(state, SummaryKey(id));
}

std::optional<Refusal> RefuseUnlessChair(const Filing& filing) {
  const auto chair = ChairAt(filing.state, filing.position.time);
  if (chair == filing.author) return std::nullopt;
  return Refuse(kNotChair, filing.author.str(),
                chair ? absl::StrCat("the chair is ", chair->str(), ": only it can do this")
                      : "no chair is in office: the members decide on one");
}

void SaveDraft(StateOverlay& state, const StoredDraft& draft) {
  Save(state, DraftKey(draft.id), draft.state);
}

}  // namespace assent::rules
