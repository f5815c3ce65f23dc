// Founding acts from files.
#ifndef ASSENT_CLIENT_ACT_FILE_H_
#define ASSENT_CLIENT_ACT_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "ledger/act/founding_act.h"

namespace assent::client {

// An act in the making: well formed, signatures may be missing.
absl::StatusOr<FoundingAct> LoadDraftAct(const std::string& path);
// A complete act with good signatures.
absl::StatusOr<FoundingAct> LoadAct(const std::string& path);

// The founder with this code, or null.
const Founder* FindFounder(const FoundingAct& act, const MemberCode& code);
// The same; InvalidArgument that lists who there is.
absl::StatusOr<const Founder*> FounderOf(const FoundingAct& act, const std::string& code);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_ACT_FILE_H_
