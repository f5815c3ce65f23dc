#include "ledger/rules/questions.h"

#include <utility>

#include "assent/v1/state.pb.h"
#include "ledger/limits.h"
#include "ledger/membership/voters.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {

std::size_t MembersQuorum(std::size_t members) { return QuorumOf(members); }

const RecordHandler& OpenedBy(EntryIndex id, const v1::QuestionState& question) {
  for (const RecordHandler* handler : Handlers()) {
    if (handler->question != nullptr && handler->question->asked == question.asked_case()) {
      return *handler;
    }
  }
  StopOnDamagedState(QuestionKey(id));
}

void OpenQuestion(const Filing& filing, v1::QuestionState asked) {
  const EntryIndex id = filing.position.index;
  asked.set_author(filing.author.str());
  asked.set_opened_us(filing.position.time.us);
  asked.set_expires_us((filing.position.time + Days(kQuestionDays)).us);
  if (const auto newest = Load<v1::PointerState>(filing.state, kNewestQuestionKey)) {
    asked.set_previous(newest->index());
  }
  v1::PointerState newest;
  newest.set_index(id.value());
  Save(filing.state, kNewestQuestionKey, newest);
  Save(filing.state, QuestionKey(id), asked);
  Endorse(filing, id);
  if (IsEndorsed(filing.state, id)) DecideQuestion(filing, id, std::move(asked));
}

bool IsEndorsed(const StateView& state, EntryIndex id) {
  std::size_t members = 0;
  std::size_t endorsers = 0;
  state.Scan(kMemberPrefix, kMemberPrefix, [&](std::string_view key, std::string_view value) {
    const EntryIndex membership(Decode<v1::MemberState>(key, value).membership());
    ++members;
    if (state.Get(EndorsementKey(id, CodeOfKey(key, kMemberPrefix), membership))) ++endorsers;
    return true;
  });
  return endorsers >= MembersQuorum(members);
}

void DecideQuestion(const Filing& filing, EntryIndex id, v1::QuestionState question) {
  question.set_decided_by(filing.position.index.value());
  question.set_decided_us(filing.position.time.us);
  Save(filing.state, QuestionKey(id), question);
  OpenedBy(id, question).question->take_effect(filing, id, question);
}

void Endorse(const Filing& filing, EntryIndex id) {
  v1::EndorsementState endorsement;
  endorsement.set_index(filing.position.index.value());
  endorsement.set_time_us(filing.position.time.us);
  Save(filing.state, EndorsementKey(id, filing.author, EntryIndex(filing.member.membership())),
       endorsement);
}

}  // namespace assent::rules
