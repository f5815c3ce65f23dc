// All record types. A new one is a file beside this one, its declaration and its line here.
#include <array>

#include "ledger/rules/filing.h"

namespace assent::rules {

extern const RecordHandler kAnnualDeclaration;
extern const RecordHandler kLaunchNotification;
extern const RecordHandler kLaunchReport;
extern const RecordHandler kWithdrawal;
extern const RecordHandler kRevisionOpen;
extern const RecordHandler kRevisionSign;
extern const RecordHandler kRevisionObject;
extern const RecordHandler kRevisionWithdraw;

namespace {

constexpr std::array kHandlers{
    &kAnnualDeclaration, &kLaunchNotification, &kLaunchReport,   &kWithdrawal,
    &kRevisionOpen,      &kRevisionSign,       &kRevisionObject, &kRevisionWithdraw,
};

}  // namespace

std::span<const RecordHandler* const> Handlers() { return kHandlers; }

const RecordHandler* FindHandler(v1::Body::RecordCase field) {
  for (const RecordHandler* handler : kHandlers) {
    if (handler->field == field) return handler;
  }
  return nullptr;
}

}  // namespace assent::rules
