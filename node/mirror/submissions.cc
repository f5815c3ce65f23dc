#include "node/mirror/submissions.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace assent::mirror {
namespace {

std::string WhereToFile(const std::vector<SourceAddress>& sources) {
  std::string text =
      "this node is a mirror and takes no entries: file it as it is at the node of a member";
  const char* between = ", such as ";
  for (const SourceAddress& source : sources) {
    // A source whose key the operator had to give may be a mirror as well.
    if (source.transport_key) continue;
    absl::StrAppend(&text, between, source.name.str(), " at ", source.endpoint);
    between = " or ";
  }
  return text;
}

// The place of these very bytes on the ledger.
std::optional<EntryIndex> FinalIndex(const replica::ReadView& view, const Entry& entry) {
  const auto index = view.IndexOf(entry.header().author, entry.header().sequence);
  if (!index.ok()) return std::nullopt;
  const auto stored = view.EntryAt(*index);
  if (!stored.ok() || (*stored)->leaf_hash() != entry.leaf_hash()) return std::nullopt;
  return *index;
}

}  // namespace

Submissions::Submissions(const std::vector<SourceAddress>& sources, const replica::Store* store,
                         replica::Submitter* heads)
    : elsewhere_(WhereToFile(sources)), store_(store), heads_(heads) {}

void Submissions::Submit(Entry entry, bool, replica::SubmitDone done) {
  if (const auto index = FinalIndex(*store_->Read(), entry)) {
    return done({absl::OkStatus(), std::nullopt, index});
  }
  done({absl::FailedPreconditionError(elsewhere_), std::nullopt, std::nullopt});
}

void Submissions::PendingHead(const MemberCode& author,
                              std::function<void(std::optional<AuthorHead>)> done) {
  heads_->PendingHead(author, std::move(done));
}

}  // namespace assent::mirror
