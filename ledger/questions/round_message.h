// A round of revision as clients are told of it.
#ifndef ASSENT_LEDGER_QUESTIONS_ROUND_MESSAGE_H_
#define ASSENT_LEDGER_QUESTIONS_ROUND_MESSAGE_H_

#include "assent/v1/revision.pb.h"
#include "ledger/rules/read.h"

namespace assent::questions {

// Without what only the body of the entry that opened the round says: its title and text. Any
// thread.
v1::Revision RoundMessage(const rules::RoundView& round);

}  // namespace assent::questions

#endif  // ASSENT_LEDGER_QUESTIONS_ROUND_MESSAGE_H_
