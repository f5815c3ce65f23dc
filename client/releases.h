// Releasing drafts, for states that have named releasers: who has drafted hands the file on, the
// releaser reads and releases it, and only then it is signed.
#ifndef ASSENT_CLIENT_RELEASES_H_
#define ASSENT_CLIENT_RELEASES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/entry_files.h"
#include "client/signer.h"
#include "ledger/bytes.h"

namespace assent::client {

// Name under which the draft's author has named the releaser with this key. `given` is what to take
// when the draft does not say who releases (it was made without a node), and must else be the same
// or empty. InvalidArgument.
absl::StatusOr<std::string> ReleaserName(const Draft& draft, const PublicKey& key,
                                         const std::string& given);

// The draft with every entry released. All of it or, when the signer fails, nothing.
// InvalidArgument when one is released already.
absl::StatusOr<Draft> ReleaseDraft(const Draft& draft, Signer& releaser, const std::string& name);

// Ok when the draft is ready to be signed: each release is good and by one of those that the draft
// names, and there is one in each entry if the draft names any. InvalidArgument; FailedPrecondition
// when one is missing.
absl::Status CheckReleases(const Draft& draft);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_RELEASES_H_
