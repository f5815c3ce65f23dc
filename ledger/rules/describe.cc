// What can be said of an entry and of the rules without any state.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "assent/v1/entry.pb.h"
#include "ledger/entry/strict.h"
#include "ledger/rules/filing.h"
#include "ledger/rules/rules.h"

namespace assent::rules {

std::vector<RecordRules> AllRules() {
  std::vector<RecordRules> all{{.record = "Entry", .amendable = false, .rules = EntryRules()}};
  for (const RecordHandler* handler : Handlers()) {
    all.push_back(
        {.record = handler->name, .amendable = handler->amendable(), .rules = handler->rules});
  }
  return all;
}

std::optional<Description> Describe(const Entry& entry) {
  v1::Body body;
  if (!entry.has_body() || !ParseStrict(entry.body(), body).ok()) return std::nullopt;
  const RecordHandler* handler = FindHandler(body.record_case());
  if (handler == nullptr) return std::nullopt;
  return Description{
      .type = std::string(handler->name),
      .audience = body.visibility() == v1::PUBLIC ? Audience::kPublic : Audience::kMembers};
}

std::vector<std::string> RecordTypes() {
  std::vector<std::string> types;
  for (const RecordHandler* handler : Handlers()) types.emplace_back(handler->name);
  std::sort(types.begin(), types.end());
  return types;
}

bool IsAmendable(std::string_view type) {
  const auto handlers = Handlers();
  return std::any_of(handlers.begin(), handlers.end(), [&](const RecordHandler* handler) {
    return handler->name == type && handler->amendable();
  });
}

std::string AmendableTypes() {
  std::string types;
  for (const RecordHandler* handler : Handlers()) {
    if (!handler->amendable()) continue;
    absl::StrAppend(&types, types.empty() ? "" : ", ", AbslView(handler->name));
  }
  return types;
}

}  // namespace assent::rules
