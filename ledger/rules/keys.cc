#include "ledger/rules/keys.h"

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

std::string Index(EntryIndex index) { return Digits(index.value(), 20); }
std::string Year(std::int64_t year) { return Digits(static_cast<std::uint64_t>(year), 4); }

}  // namespace

std::string MemberKey(const MemberCode& code) {
  return absl::StrCat(AbslView(kMemberPrefix), code.str());
}

std::string AuthorKey(const MemberCode& code) {
  return absl::StrCat(AbslView(kAuthorPrefix), code.str());
}

std::string ClassKey(std::string_view class_id) {
  return absl::StrCat(AbslView(kClassPrefix), AbslView(class_id));
}

std::string RecordKey(EntryIndex index) { return absl::StrCat("record/", Index(index)); }

std::string ReferenceKey(const MemberCode& author, std::string_view reference) {
  return absl::StrCat("reference/", author.str(), "/", AbslView(reference));
}

std::string DeclarationKey(const MemberCode& author, std::int64_t year) {
  return absl::StrCat("declaration/", author.str(), "/", Year(year));
}

std::string NotifiedPrefix(const MemberCode& author, std::int64_t year) {
  return absl::StrCat("notified/", author.str(), "/", Year(year), "/");
}

std::string NotifiedKey(const MemberCode& author, std::int64_t year, std::string_view class_id) {
  return absl::StrCat(NotifiedPrefix(author, year), AbslView(class_id));
}

std::string ReportsKey(EntryIndex first_of_chain) {
  return absl::StrCat("reports/", Index(first_of_chain));
}

std::string EpochKey(Epoch epoch) { return absl::StrCat("epoch/", Digits(epoch.value(), 20)); }
std::string ReportedPrefix(EntryIndex first_of_chain) {
  return absl::StrCat("reported/", Index(first_of_chain), "/");
}

std::string ReportedKey(EntryIndex first_of_chain, EntryIndex report) {
  return absl::StrCat(ReportedPrefix(first_of_chain), Index(report));
}

std::string ExemptionPrefix(const MemberCode& author) {
  return absl::StrCat("exemption/", author.str(), "/");
}

std::string ExemptionKey(const MemberCode& author, EntryIndex first_of_chain) {
  return absl::StrCat(ExemptionPrefix(author), Index(first_of_chain));
}

std::string ObservedPrefix(const MemberCode& attributed) {
  return absl::StrCat("observed/", attributed.str(), "/");
}

std::string ObservedKey(const MemberCode& attributed, EntryIndex first_of_chain) {
  return absl::StrCat(ObservedPrefix(attributed), Index(first_of_chain));
}

std::string AnswerKey(EntryIndex first_of_chain) {
  return absl::StrCat("answer/", Index(first_of_chain));
}

std::string ClarificationKey(EntryIndex request) {
  return absl::StrCat("clarification/", Index(request));
}

std::string AskedPrefix(EntryIndex first_of_chain) {
  return absl::StrCat("asked/", Index(first_of_chain), "/");
}

std::string AskedKey(EntryIndex first_of_chain, EntryIndex request) {
  return absl::StrCat(AskedPrefix(first_of_chain), Index(request));
}

std::string ReplyKey(EntryIndex request) { return absl::StrCat("reply/", Index(request)); }

std::string RoundKey(EntryIndex round) { return absl::StrCat("round/", Index(round)); }

std::string SignaturePrefix(EntryIndex round) {
  return absl::StrCat("signature/", Index(round), "/");
}

std::string SignatureKey(EntryIndex round, const MemberCode& member) {
  return absl::StrCat(SignaturePrefix(round), member.str());
}

std::string VoidSignaturePrefix(EntryIndex round) {
  return absl::StrCat("void_signature/", Index(round), "/");
}

std::string VoidSignatureKey(EntryIndex round, const MemberCode& member, EntryIndex signature) {
  return absl::StrCat(VoidSignaturePrefix(round), member.str(), "/", Index(signature));
}

std::string RecentBlockKey(std::uint64_t slot) { return absl::StrCat("recent/", Digits(slot, 2)); }

std::string SubscriptionPrefix(const MemberCode& code) {
  return absl::StrCat(AbslView(kSubscriptionPrefix), code.str(), "/");
}

std::string SubscriptionKey(const MemberCode& code, EntryIndex since) {
  return absl::StrCat(SubscriptionPrefix(code), Index(since));
}

std::string RegisteredKey(const PublicKey& key) { return absl::StrCat("key/", key.hex()); }

std::string CheckpointIdKey(std::uint32_t key_id) {
  std::string bytes;
  AppendU32(bytes, key_id);
  return absl::StrCat("checkpoint_id/", ToHex(bytes));
}

std::string QuestionKey(EntryIndex question) { return absl::StrCat("question/", Index(question)); }

std::string EndorsementPrefix(EntryIndex question) {
  return absl::StrCat("endorsement/", Index(question), "/");
}

std::string EndorsementKey(EntryIndex question, const MemberCode& member, EntryIndex membership) {
  return absl::StrCat(EndorsementPrefix(question), member.str(), "/", Index(membership));
}

std::string ChairKey(EntryIndex question) {
  return absl::StrCat(AbslView(kChairPrefix), Index(question));
}

std::string ReplacementKey(const MemberCode& member) {
  return absl::StrCat(AbslView(kReplacementPrefix), member.str());
}

std::string OfferKey(EntryIndex offer) { return absl::StrCat("offer/", Index(offer)); }

std::string OfferForPrefix(EntryIndex first_of_pledge) {
  return absl::StrCat("offer_for/", Index(first_of_pledge), "/");
}

std::string OfferForKey(EntryIndex first_of_pledge, EntryIndex offer) {
  return absl::StrCat(OfferForPrefix(first_of_pledge), Index(offer));
}

std::string OfferByPrefix(const MemberCode& author) {
  return absl::StrCat("offer_by/", author.str(), "/");
}

std::string OfferByKey(const MemberCode& author, EntryIndex offer) {
  return absl::StrCat(OfferByPrefix(author), Index(offer));
}

std::string OfferToPrefix(const MemberCode& state) {
  return absl::StrCat("offer_to/", state.str(), "/");
}

std::string OfferToKey(const MemberCode& state, EntryIndex offer) {
  return absl::StrCat(OfferToPrefix(state), Index(offer));
}

std::string HoldPrefix(EntryIndex first_of_pledge) {
  return absl::StrCat("hold/", Index(first_of_pledge), "/");
}

std::string HoldKey(EntryIndex first_of_pledge, EntryIndex offer) {
  return absl::StrCat(HoldPrefix(first_of_pledge), Index(offer));
}

std::string InvitationAnswerPrefix(EntryIndex first_of_invitation, const MemberCode& state) {
  return absl::StrCat("invitation_answer/", Index(first_of_invitation), "/", state.str(), "/");
}

std::string InvitationAnswerKey(EntryIndex first_of_invitation, const MemberCode& state,
                                const MemberCode& author) {
  return absl::StrCat(InvitationAnswerPrefix(first_of_invitation, state), author.str());
}

std::string ObserversKey(EntryIndex first_of_invitation) {
  return absl::StrCat("observers/", Index(first_of_invitation));
}

std::string AttendanceKey(EntryIndex first_of_conference) {
  return absl::StrCat("attendance/", Index(first_of_conference));
}

std::string RevisionKey(std::uint32_t number) {
  return absl::StrCat("revision/", Digits(number, 10));
}

std::string DraftKey(EntryIndex draft) { return absl::StrCat("draft/", Index(draft)); }

std::string CommentsPrefix(EntryIndex draft) {
  return absl::StrCat("comments/", Index(draft), "/");
}

std::string CommentsKey(EntryIndex draft, const MemberCode& member) {
  return absl::StrCat(CommentsPrefix(draft), member.str());
}

std::string SummaryKey(EntryIndex summary) { return absl::StrCat("summary/", Index(summary)); }

std::string ReceivedPrefix(EntryIndex draft_or_summary) {
  return absl::StrCat("received/", Index(draft_or_summary), "/");
}

std::string ReceivedKey(EntryIndex draft_or_summary, const MemberCode& member) {
  return absl::StrCat(ReceivedPrefix(draft_or_summary), member.str());
}

MemberCode CodeOfKey(std::string_view key, std::string_view prefix) {
  const auto code = MemberCode::From(key.substr(prefix.size()));
  if (!code) StopOnDamagedState(key);
  return *code;
}

}  // namespace assent::rules
