// Whose key has signed an entry, where the founding act does not say: keys that were rotated or
// replaced, and those of states that have subscribed later. A receipt names the key, by a quorum of
// the voters.
#ifndef ASSENT_CLIENT_AUTHORITY_KEYS_H_
#define ASSENT_CLIENT_AUTHORITY_KEYS_H_

#include <functional>
#include <map>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "assent/v1/block.pb.h"
#include "client/answers.h"
#include "ledger/act/founding_act.h"
#include "ledger/bytes.h"
#include "ledger/types.h"

namespace assent::client {

// Checks the signatures that CheckAnswer has left unchecked. Keeps the keys that it has learned: it
// needs one receipt for each. One thread.
class AuthorityKeys {
 public:
  using FetchReceipt = std::function<absl::StatusOr<v1::Receipt>(EntryIndex index)>;

  // `act` must have passed CheckAct and outlive this.
  AuthorityKeys(const FoundingAct& act, FetchReceipt fetch) : act_(act), fetch_(std::move(fetch)) {}

  // Sets entry.signature. It stays kNotChecked, and that is no error, when the node has no receipt
  // to give. InvalidArgument, DataLoss: the receipt proves nothing, or the signature is not by the
  // key that the voters name.
  absl::Status Check(AnsweredEntry& entry);

 private:
  const FoundingAct& act_;
  const FetchReceipt fetch_;
  std::map<std::pair<MemberCode, KeyId>, PublicKey> known_;
};

}  // namespace assent::client

#endif  // ASSENT_CLIENT_AUTHORITY_KEYS_H_
