#include "ledger/rules/keys.h"

#include <algorithm>
#include <limits>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace {

std::string Digits(std::uint64_t number, std::size_t width) {
  std::string digits(width, '0');
  for (std::size_t at = width; at > 0 && number > 0; number /= 10) {
    digits[--at] = static_cast<char>('0' + number % 10);
  }
  return digits;
}

constexpr std::size_t kIndexDigits = 20;
constexpr std::size_t kYearDigits = 4;
constexpr std::size_t kTimeDigits = 18;

std::string_view Letter(Audience audience) { return audience == Audience::kPublic ? "p" : "m"; }

}  // namespace

std::string IndexDigits(EntryIndex index) { return Digits(index.value(), kIndexDigits); }

std::string YearDigits(std::int64_t year) {
  return Digits(static_cast<std::uint64_t>(year), kYearDigits);
}

std::string TimeDigits(Time time) {
  return Digits(static_cast<std::uint64_t>(std::max<std::int64_t>(time.us, 0)), kTimeDigits);
}

std::string MemberKey(const MemberCode& code) {
  return absl::StrCat(AbslView(kMemberPrefix), code.str());
}

std::string AuthorKey(const MemberCode& code) {
  return absl::StrCat(AbslView(kAuthorPrefix), code.str());
}

std::string ClassKey(std::string_view class_id) {
  return absl::StrCat(AbslView(kClassPrefix), AbslView(class_id));
}

std::string RecordKey(EntryIndex index) { return absl::StrCat("record/", IndexDigits(index)); }

std::string ReferenceKey(const MemberCode& author, std::string_view reference) {
  return absl::StrCat("reference/", author.str(), "/", AbslView(reference));
}

std::string DeclarationKey(const MemberCode& author, std::int64_t year) {
  return absl::StrCat("declaration/", author.str(), "/", YearDigits(year));
}

std::string NotifiedPrefix(const MemberCode& author, std::int64_t year) {
  return absl::StrCat("notified/", author.str(), "/", YearDigits(year), "/");
}

std::string NotifiedKey(const MemberCode& author, std::int64_t year, std::string_view class_id) {
  return absl::StrCat(NotifiedPrefix(author, year), AbslView(class_id));
}

std::string ReportsKey(EntryIndex first_of_chain) {
  return absl::StrCat("reports/", IndexDigits(first_of_chain));
}

std::string EpochKey(Epoch epoch) { return absl::StrCat("epoch/", Digits(epoch.value(), 20)); }
std::string ExemptionPrefix(const MemberCode& author) {
  return absl::StrCat("exemption/", author.str(), "/");
}

std::string ExemptionKey(const MemberCode& author, EntryIndex first_of_chain) {
  return absl::StrCat(ExemptionPrefix(author), IndexDigits(first_of_chain));
}

std::string ObservedPrefix(const MemberCode& attributed) {
  return absl::StrCat("observed/", attributed.str(), "/");
}

std::string ObservedKey(const MemberCode& attributed, EntryIndex first_of_chain) {
  return absl::StrCat(ObservedPrefix(attributed), IndexDigits(first_of_chain));
}

std::string AnswerKey(EntryIndex first_of_chain) {
  return absl::StrCat("answer/", IndexDigits(first_of_chain));
}

std::string ClarificationKey(EntryIndex request) {
  return absl::StrCat("clarification/", IndexDigits(request));
}

std::string AskedPrefix(EntryIndex first_of_chain) {
  return absl::StrCat("asked/", IndexDigits(first_of_chain), "/");
}

std::string AskedKey(EntryIndex first_of_chain, EntryIndex request) {
  return absl::StrCat(AskedPrefix(first_of_chain), IndexDigits(request));
}

std::string ReplyKey(EntryIndex request) { return absl::StrCat("reply/", IndexDigits(request)); }

std::string RoundKey(EntryIndex round) { return absl::StrCat("round/", IndexDigits(round)); }

std::string SignaturePrefix(EntryIndex round) {
  return absl::StrCat("signature/", IndexDigits(round), "/");
}

std::string SignatureKey(EntryIndex round, const MemberCode& member) {
  return absl::StrCat(SignaturePrefix(round), member.str());
}

std::string VoidSignaturePrefix(EntryIndex round) {
  return absl::StrCat("void_signature/", IndexDigits(round), "/");
}

std::string VoidSignatureKey(EntryIndex round, const MemberCode& member, EntryIndex signature) {
  return absl::StrCat(VoidSignaturePrefix(round), member.str(), "/", IndexDigits(signature));
}

std::string RecentBlockKey(std::uint64_t slot) { return absl::StrCat("recent/", Digits(slot, 5)); }

std::string SubscriptionPrefix(const MemberCode& code) {
  return absl::StrCat(AbslView(kSubscriptionPrefix), code.str(), "/");
}

std::string SubscriptionKey(const MemberCode& code, EntryIndex since) {
  return absl::StrCat(SubscriptionPrefix(code), IndexDigits(since));
}

std::string SubscriptionWithBlockKey(const MemberCode& code, EntryIndex since) {
  return SubscriptionKey(code, since) + "/block";
}

SubscriptionPlace PlaceOfSubscription(std::string_view key) {
  const std::string_view rest = key.substr(kSubscriptionPrefix.size());
  const std::size_t slash = rest.find('/');
  const auto code = MemberCode::From(rest.substr(0, slash));
  const std::string_view place = slash == std::string_view::npos ? "" : rest.substr(slash + 1);
  std::uint64_t since = 0;
  if (!code || !absl::SimpleAtoi(AbslView(place.substr(0, kIndexDigits)), &since)) {
    StopOnDamagedState(key);
  }
  return {.code = *code, .since = EntryIndex(since), .with_block = place.size() > kIndexDigits};
}

std::string RegisteredKey(const PublicKey& key) { return absl::StrCat("key/", key.hex()); }

std::string CheckpointIdKey(std::uint32_t key_id) {
  std::string bytes;
  AppendU32(bytes, key_id);
  return absl::StrCat("checkpoint_id/", ToHex(bytes));
}

std::string QuestionKey(EntryIndex question) {
  return absl::StrCat("question/", IndexDigits(question));
}

std::string EndorsementPrefix(EntryIndex question) {
  return absl::StrCat("endorsement/", IndexDigits(question), "/");
}

std::string EndorsementKey(EntryIndex question, const MemberCode& member, EntryIndex membership) {
  return absl::StrCat(EndorsementPrefix(question), member.str(), "/", IndexDigits(membership));
}

std::string ChairKey(EntryIndex question) {
  return absl::StrCat(AbslView(kChairPrefix), IndexDigits(question));
}

std::string ReplacementKey(const MemberCode& member) {
  return absl::StrCat(AbslView(kReplacementPrefix), member.str());
}

std::string OfferKey(EntryIndex offer) { return absl::StrCat("offer/", IndexDigits(offer)); }

std::string OfferForPrefix(EntryIndex first_of_pledge) {
  return absl::StrCat("offer_for/", IndexDigits(first_of_pledge), "/");
}

std::string OfferForKey(EntryIndex first_of_pledge, EntryIndex offer) {
  return absl::StrCat(OfferForPrefix(first_of_pledge), IndexDigits(offer));
}

std::string OfferByPrefix(const MemberCode& author) {
  return absl::StrCat("offer_by/", author.str(), "/");
}

std::string OfferByKey(const MemberCode& author, EntryIndex offer) {
  return absl::StrCat(OfferByPrefix(author), IndexDigits(offer));
}

std::string OfferToPrefix(const MemberCode& state) {
  return absl::StrCat("offer_to/", state.str(), "/");
}

std::string OfferToKey(const MemberCode& state, EntryIndex offer) {
  return absl::StrCat(OfferToPrefix(state), IndexDigits(offer));
}

std::string HoldPrefix(EntryIndex first_of_pledge) {
  return absl::StrCat("hold/", IndexDigits(first_of_pledge), "/");
}

std::string HoldKey(EntryIndex first_of_pledge, EntryIndex offer) {
  return absl::StrCat(HoldPrefix(first_of_pledge), IndexDigits(offer));
}

std::string InvitationAnswerPrefix(EntryIndex first_of_invitation, const MemberCode& state) {
  return absl::StrCat("invitation_answer/", IndexDigits(first_of_invitation), "/", state.str(),
                      "/");
}

std::string InvitationAnswerKey(EntryIndex first_of_invitation, const MemberCode& state,
                                const MemberCode& author) {
  return absl::StrCat(InvitationAnswerPrefix(first_of_invitation, state), author.str());
}

std::string ObserversKey(EntryIndex first_of_invitation) {
  return absl::StrCat("observers/", IndexDigits(first_of_invitation));
}

std::string AttendanceKey(EntryIndex first_of_conference) {
  return absl::StrCat("attendance/", IndexDigits(first_of_conference));
}

std::string RevisionKey(std::uint32_t number) {
  return absl::StrCat("revision/", Digits(number, 10));
}

std::string LedgerBeforeKey(std::uint32_t revision) {
  return absl::StrCat("ledger_before/", Digits(revision, 10));
}

std::string DraftKey(EntryIndex draft) { return absl::StrCat("draft/", IndexDigits(draft)); }

std::string CommentsPrefix(EntryIndex draft) {
  return absl::StrCat("comments/", IndexDigits(draft), "/");
}

std::string CommentsKey(EntryIndex draft, const MemberCode& member) {
  return absl::StrCat(CommentsPrefix(draft), member.str());
}

std::string SummaryKey(EntryIndex summary) {
  return absl::StrCat("summary/", IndexDigits(summary));
}

std::string ReceivedPrefix(EntryIndex draft_or_summary) {
  return absl::StrCat("received/", IndexDigits(draft_or_summary), "/");
}

std::string ReceivedKey(EntryIndex draft_or_summary, const MemberCode& member) {
  return absl::StrCat(ReceivedPrefix(draft_or_summary), member.str());
}

std::string DifferencesKey(EntryIndex declaration) {
  return absl::StrCat("differences/", IndexDigits(declaration));
}

std::string PresentPrefix(SetName set) {
  return absl::StrCat("in/", AbslView(set.name), "/", AbslView(Letter(set.audience)), "/");
}

std::string PresentKey(SetName set, std::string_view place) {
  return absl::StrCat(PresentPrefix(set), AbslView(place));
}

std::string PastPrefix(SetName set) {
  return absl::StrCat("was/", AbslView(set.name), "/", AbslView(Letter(set.audience)), "/");
}

std::string PastKey(SetName set, std::string_view place, EntryIndex since) {
  return absl::StrCat(PastPrefix(set), AbslView(place), "/", IndexDigits(since));
}

std::string TallyPrefix(const TallyName& tally) {
  return absl::StrCat("tally/", AbslView(Letter(tally.audience)), "/", tally.name, "/");
}

std::string TallyKey(const TallyName& tally, EntryIndex by) {
  const std::uint64_t down = std::numeric_limits<std::uint64_t>::max() - by.value();
  return absl::StrCat(TallyPrefix(tally), IndexDigits(EntryIndex(down)));
}

std::string AccreditationKey(EntryIndex accreditation) {
  return absl::StrCat(AbslView(kAccreditationPrefix), IndexDigits(accreditation));
}

std::string PublicAccreditationKey(EntryIndex accreditation) {
  return absl::StrCat(AbslView(kPublicAccreditationPrefix), IndexDigits(accreditation));
}

std::string InspectorPrefix(const PublicKey& key) {
  return absl::StrCat(AbslView(kInspectorPrefix), key.hex(), "/");
}

std::string InspectorKey(const PublicKey& key, EntryIndex accreditation) {
  return absl::StrCat(InspectorPrefix(key), IndexDigits(accreditation));
}

std::string AccreditationListKey(const MemberCode& member) {
  return absl::StrCat("accreditations/", member.str());
}

EntryIndex IndexOfKey(std::string_view key, std::string_view prefix) {
  std::uint64_t index = 0;
  if (!absl::SimpleAtoi(AbslView(key.substr(prefix.size())), &index)) StopOnDamagedState(key);
  return EntryIndex(index);
}

PublicKey InspectorOfKey(std::string_view key) {
  const auto inspector =
      PublicKey::FromHexText(key.substr(kInspectorPrefix.size(), 2 * PublicKey::kSize));
  if (!inspector) StopOnDamagedState(key);
  return *inspector;
}

MemberCode CodeOfKey(std::string_view key, std::string_view prefix) {
  const auto code = MemberCode::From(key.substr(prefix.size()));
  if (!code) StopOnDamagedState(key);
  return *code;
}

}  // namespace assent::rules
