#include "node/query/state_keys.h"

#include <string_view>

#include "absl/strings/str_cat.h"
#include "ledger/crypto/hash.h"
#include "node/query/limits.h"

namespace assent::query {

absl::StatusOr<v1::ListStateKeysResponse> ListStateKeys(const replica::ReadView& view,
                                                        const Reader& reader,
                                                        const v1::ListStateKeysRequest& request) {
  if (reader.rights != Rights::kMember) {
    return absl::PermissionDeniedError(
        "the state is shown to members only: ask with a member's reader key");
  }
  if (request.page_size() < 0 || request.page_size() > kStateKeysPageMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("page_size is ", request.page_size(), ": 1 to ", kStateKeysPageMax));
  }
  const std::int32_t wanted = request.page_size() == 0 ? kStateKeysPageMax : request.page_size();
  v1::ListStateKeysResponse response;
  response.set_height(view.tip().header.height.value());
  response.set_block_hash(view.tip().hash.str());
  std::size_t bytes = 0;
  view.state().Scan("", request.from_key(), [&](std::string_view key, std::string_view value) {
    if (response.keys_size() == wanted || bytes >= kPageBytesMax) {
      response.set_next_key(std::string(key));
      return false;
    }
    v1::StateKey* item = response.add_keys();
    item->set_key(std::string(key));
    item->set_value_hash(Sha256(value).str());
    bytes += key.size() + 2 * Hash::kSize;
    return true;
  });
  return response;
}

}  // namespace assent::query
