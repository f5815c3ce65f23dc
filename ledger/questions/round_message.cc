#include "ledger/questions/round_message.h"

namespace assent::questions {
namespace {

v1::RoundStatus ToProto(rules::RoundStatus status) {
  switch (status) {
    case rules::RoundStatus::kOpen:
      return v1::OPEN_FOR_SIGNATURE;
    case rules::RoundStatus::kFinal:
      return v1::FINAL;
    case rules::RoundStatus::kObjected:
      return v1::OBJECTED;
    case rules::RoundStatus::kLapsed:
      return v1::LAPSED;
    case rules::RoundStatus::kWithdrawn:
      return v1::ROUND_WITHDRAWN;
    case rules::RoundStatus::kFinalWithEndorsedKey:
      return v1::FINAL_WITH_ENDORSED_KEY;
  }
  return v1::ROUND_STATUS_UNSPECIFIED;
}

}  // namespace

v1::Revision RoundMessage(const rules::RoundView& round) {
  v1::Revision message;
  message.set_round(round.id.value());
  message.set_replaces(round.replaces);
  if (round.number) message.set_number(*round.number);
  message.set_status(ToProto(round.status));
  message.set_proposer(round.proposer.str());
  message.set_text_hash(round.text_hash.str());
  message.set_opened_us(round.opened.us);
  message.set_deadline_us(round.deadline.us);
  for (const rules::RoundSignature& signature : round.signatures) {
    v1::RoundSignature& added = *message.add_signatures();
    added.set_member(signature.member.str());
    added.set_index(signature.index.value());
    added.set_time_us(signature.time.us);
    added.set_endorsed(signature.endorsed);
  }
  for (const MemberCode& code : round.missing) message.add_missing(code.str());
  if (round.objected_by) message.set_objected_by(round.objected_by->str());
  if (round.ended_by) message.set_ended_by(round.ended_by->value());
  if (round.ended) message.set_ended_us(round.ended->us);
  if (round.draft) message.set_draft(round.draft->value());
  if (round.presented_by) message.set_presented_by(round.presented_by->value());
  if (round.presented) message.set_presented_us(round.presented->us);
  return message;
}

}  // namespace assent::questions
