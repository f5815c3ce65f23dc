#include "ledger/rules/comments.h"

#include <algorithm>
#include <string>

#include "assent/v1/revision.pb.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {

std::vector<NewestComment> NewestComments(const StateView& state, EntryIndex draft,
                                          std::uint64_t tree_size) {
  std::vector<NewestComment> comments;
  const std::string prefix = CommentsPrefix(draft);
  state.Scan(prefix, prefix, [&](std::string_view key, std::string_view value) {
    const auto stored = Decode<v1::CommentsState>(key, value);
    const auto& indices = stored.indices();
    const auto newest = std::lower_bound(indices.begin(), indices.end(), tree_size);
    if (newest == indices.begin()) return true;
    const EntryIndex index(*(newest - 1));
    const auto status = RecordAt(state, index, tree_size);
    if (!status) StopOnDamagedState(key);
    comments.push_back({.member = CodeOfKey(key, prefix),
                        .index = index,
                        .first_time = status->first_time,
                        .holds = status->standing == Standing::kCurrent});
    return true;
  });
  return comments;
}

}  // namespace assent::rules
