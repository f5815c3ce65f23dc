#include "client/releases.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "assent/v1/entry.pb.h"
#include "client/errors.h"
#include "ledger/crypto/keys.h"
#include "ledger/entry/release.h"
#include "ledger/entry/strict.h"
#include "ledger/limits.h"
#include "ledger/types.h"

namespace assent::client {
namespace {

// What of the header of entry `i` is known before it is signed.
EntryHeader HeaderOf(const Draft& draft, std::size_t i) {
  EntryHeader header;
  header.ledger_id = draft.ledger_id;
  header.author = draft.author;
  header.sequence = Sequence(draft.head.sequence.value() + 1 + i);
  header.not_after = draft.entries[i].not_after;
  return header;
}

std::string NamesOf(const std::vector<Releaser>& releasers) {
  std::string names;
  for (const Releaser& releaser : releasers) {
    absl::StrAppend(&names, names.empty() ? "" : ", ", releaser.name);
  }
  return names;
}

absl::Status CheckRelease(const Draft& draft, std::size_t i) {
  const std::string& body = draft.entries[i].body;
  v1::Body message;
  if (auto status = ParseStrict(body, message); !status.ok()) return status;
  if (!message.has_release()) {
    if (draft.releasers.empty()) return absl::OkStatus();
    return absl::FailedPreconditionError(absl::StrCat(
        "what ", draft.author.str(), " files must be released before it is signed, by ",
        NamesOf(draft.releasers), ": assent release"));
  }
  const v1::Release& release = message.release();
  if (!VerifyRelease(HeaderOf(draft, i), body, release.public_key(), release.signature())) {
    return absl::InvalidArgumentError(
        "the release is not signed by the key that it names, for this entry");
  }
  const auto is_by = [&release](const Releaser& releaser) {
    return releaser.name == release.name() && releaser.key.view() == release.public_key();
  };
  if (!draft.releasers.empty() &&
      std::none_of(draft.releasers.begin(), draft.releasers.end(), is_by)) {
    return absl::InvalidArgumentError(absl::StrCat("\"", release.name(), "\" is no releaser of ",
                                                   draft.author.str(), " with that key"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> Released(const Draft& draft, std::size_t i, Signer& releaser,
                                     const std::string& name) {
  const std::string& body = draft.entries[i].body;
  v1::Body message;
  if (auto status = ParseStrict(body, message); !status.ok()) return status;
  if (message.has_release()) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", message.release().name(), "\" has released it already"));
  }
  const auto signature = releaser.Sign(tag::kRelease, ReleaseStatement(HeaderOf(draft, i), body));
  if (!signature.ok()) return signature.status();
  v1::Release& release = *message.mutable_release();
  release.set_name(name);
  release.set_public_key(releaser.public_key().str());
  release.set_signature(signature->str());
  std::string released = message.SerializeAsString();
  if (released.size() > kBodyBytesMax) {
    return absl::InvalidArgumentError(absl::StrCat("with its release the record has ",
                                                   released.size(), " bytes, at most ",
                                                   kBodyBytesMax, " are allowed"));
  }
  return released;
}

}  // namespace

absl::StatusOr<std::string> ReleaserName(const Draft& draft, const PublicKey& key,
                                         const std::string& given) {
  if (draft.releasers.empty()) {
    if (!given.empty()) return given;
    return absl::InvalidArgumentError(
        absl::StrCat("the draft names no releasers of ", draft.author.str(),
                     ": if there are, say under which name this key is theirs"));
  }
  for (const Releaser& releaser : draft.releasers) {
    if (releaser.key != key) continue;
    if (given.empty() || given == releaser.name) return releaser.name;
    return absl::InvalidArgumentError(absl::StrCat(draft.author.str(),
                                                   " has named the releaser with this key \"",
                                                   releaser.name, "\", not \"", given, "\""));
  }
  return absl::InvalidArgumentError(
      absl::StrCat("key ", key.hex(), " is not that of a releaser of ", draft.author.str(),
                   ": these are ", NamesOf(draft.releasers)));
}

absl::StatusOr<Draft> ReleaseDraft(const Draft& draft, Signer& releaser, const std::string& name) {
  Draft released = draft;
  for (std::size_t i = 0; i < draft.entries.size(); ++i) {
    auto body = Released(draft, i, releaser, name);
    if (!body.ok()) return Prefixed(draft.entries[i].source, body.status());
    released.entries[i].body = *std::move(body);
  }
  return released;
}

absl::Status CheckReleases(const Draft& draft) {
  for (std::size_t i = 0; i < draft.entries.size(); ++i) {
    if (auto status = CheckRelease(draft, i); !status.ok()) {
      return Prefixed(draft.entries[i].source, status);
    }
  }
  return absl::OkStatus();
}

}  // namespace assent::client
