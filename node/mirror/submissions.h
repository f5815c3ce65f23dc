// A mirror takes no entries: it says where they are taken.
#ifndef ASSENT_NODE_MIRROR_SUBMISSIONS_H_
#define ASSENT_NODE_MIRROR_SUBMISSIONS_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ledger/types.h"
#include "node/mirror/source.h"
#include "node/replica/store.h"
#include "node/replica/submit.h"

namespace assent::mirror {

// Any thread.
class Submissions : public replica::Submitter {
 public:
  // `store` and `heads`, which is asked for authors' heads, outlive this.
  Submissions(const std::vector<SourceAddress>& sources, const replica::Store* store,
              replica::Submitter* heads);

  // An entry that is final here is answered as everywhere. Any other is FailedPrecondition and no
  // refusal: it may be filed as it is.
  void Submit(Entry entry, bool wait_until_final, replica::SubmitDone done) override;
  void PendingHead(const MemberCode& author,
                   std::function<void(std::optional<AuthorHead>)> done) override;

 private:
  const std::string elsewhere_;
  const replica::Store* const store_;
  replica::Submitter* const heads_;
};

}  // namespace assent::mirror

#endif  // ASSENT_NODE_MIRROR_SUBMISSIONS_H_
