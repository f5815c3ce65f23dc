#include "tests/simulation/sight.h"

#include <algorithm>

namespace assent::simulation {
namespace {

bool Names(const std::set<std::string>& names, const std::string& name) {
  return names.empty() || names.contains(name);
}

}  // namespace

v1::AccreditationStatus StandingOf(const History::Accreditation& given,
                                   const History::Moment& now) {
  if (given.ended && *given.ended < now.header.tree_size) return v1::ACCREDITATION_ENDED;
  if (given.until <= now.header.time) return v1::ACCREDITATION_EXPIRED;
  const auto member = now.members.find(given.member);
  if (member == now.members.end() || member->second.membership != given.membership) {
    return v1::ACCREDITATION_LAPSED;
  }
  return now.header.time < given.from ? v1::ACCREDITATION_AHEAD : v1::ACCREDITATION_IN_FORCE;
}

Sight::Sight(const History* history, const History::Moment& now,
             const std::optional<PublicKey>& key)
    : history_(history) {
  if (!key) return;
  for (const auto& [code, each] : now.members) {
    if (each.reader == *key || (each.node && each.node->transport == *key)) member = code;
  }
  if (member) return;
  for (const auto& [index, each] : history->accreditations()) {
    if (index < now.header.tree_size && each.key == *key &&
        StandingOf(each, now) == v1::ACCREDITATION_IN_FORCE) {
      given.push_back(index);
    }
  }
}

bool Sight::Covers(const MemberCode& author, const std::string& type) const {
  return member || std::ranges::any_of(given, [&](std::uint64_t index) {
           const History::Accreditation& each = history_->accreditations().at(index);
           return each.all_bodies || (Names(each.authors, author.str()) && Names(each.types, type));
         });
}

bool Sight::CoversAll(const std::string& type) const {
  return member || std::ranges::any_of(given, [&](std::uint64_t index) {
           const History::Accreditation& each = history_->accreditations().at(index);
           return each.all_bodies || (each.authors.empty() && Names(each.types, type));
         });
}

}  // namespace assent::simulation
