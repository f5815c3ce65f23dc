#include "client/answers.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "client/act_file.h"
#include "client/entry_files.h"
#include "client/errors.h"
#include "client/records.h"
#include "client/terminal.h"
#include "ledger/crypto/hash.h"
#include "ledger/entry/proto.h"
#include "ledger/entry/release.h"
#include "ledger/entry/strict.h"

namespace assent::client {
namespace {

absl::Status Wrong(const v1::LedgerEntry& answer, std::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("the node's answer is wrong: entry ", answer.index(), ": ", AbslView(what)));
}

// Empty when nothing is wrong. Sets signature.
std::string CheckSigner(AnsweredEntry& entry, const FoundingAct& act) {
  const EntryHeader& header = entry.entry.header();
  if (header.ledger_id != act.ledger_id) return "it is of another ledger";
  const Founder* founder = FindFounder(act, header.author);
  if (founder == nullptr || KeyIdOf(founder->authority_key) != header.authority_key_id) return "";
  if (!entry.entry.VerifySignature(founder->authority_key)) {
    return "the signature is not by its author";
  }
  entry.signature = SignatureCheck::kByFoundingAct;
  return "";
}

}  // namespace

absl::StatusOr<AnsweredEntry> CheckAnswer(const v1::LedgerEntry& answer, const FoundingAct& act) {
  auto entry = FromProto(answer.entry());
  if (!entry.ok()) return Wrong(answer, StdView(entry.status().message()));
  if (entry->leaf_hash().view() != answer.leaf_hash())
    return Wrong(answer, "the leaf hash differs");
  AnsweredEntry result{.entry = *std::move(entry),
                       .body = std::nullopt,
                       .index = EntryIndex(answer.index()),
                       .height = Height(answer.height()),
                       .time = Time{answer.time_us()},
                       .type = answer.type(),
                       .status = answer.status(),
                       .replaced_by = std::nullopt,
                       .timeliness = answer.timeliness(),
                       .first_index = std::nullopt,
                       .first_time = std::nullopt,
                       .counts_differ = answer.counts_differ(),
                       .more_reports = answer.more_reports()};
  if (answer.has_replaced_by()) result.replaced_by = EntryIndex(answer.replaced_by());
  if (answer.has_first_index()) {
    result.first_index = EntryIndex(answer.first_index());
    result.first_time = Time{answer.first_time_us()};
  }
  if (result.entry.has_body()) {
    v1::Body body;
    if (const auto status = ParseStrict(result.entry.body(), body); !status.ok()) {
      return Wrong(answer, StdView(status.message()));
    }
    if (RecordTypeOf(body) != result.type) return Wrong(answer, "the record type differs");
    const v1::Release& release = body.release();
    if (body.has_release() && !VerifyRelease(result.entry.header(), result.entry.body(),
                                             release.public_key(), release.signature())) {
      return Wrong(answer, "its release is not signed by the key that it names");
    }
    result.body = std::move(body);
  }
  if (const std::string wrong = CheckSigner(result, act); !wrong.empty())
    return Wrong(answer, wrong);
  return result;
}

bool IsNamed(const AnsweredEntry& entry, const v1::GetEntryRequest& request) {
  if (request.has_index()) return entry.index.value() == request.index();
  const EntryHeader& header = entry.entry.header();
  return header.author.str() == request.author_sequence().author() &&
         header.sequence.value() == request.author_sequence().sequence();
}

Tree AnswerTree(const AnsweredEntry& entry) {
  const EntryHeader& header = entry.entry.header();
  Tree tree = Tree::OfMap();
  tree.Add("index", Tree::Of(entry.index.value()));
  tree.Add("entry", Tree::Of(EntryName(header)));
  tree.Add("author", Tree::Of(header.author.str()));
  tree.Add("sequence", Tree::Of(header.sequence.value()));
  tree.Add("leaf_hash", Tree::Of(entry.entry.leaf_hash().hex()));
  tree.Add("height", Tree::Of(entry.height.value()));
  tree.Add("time", Tree::Of(entry.time));
  tree.Add("type", Tree::Of(entry.type));
  if (entry.body && entry.body->has_observed_launch()) tree.Add("claim", Tree::Of(true));
  if (entry.status != v1::ENTRY_STATUS_UNSPECIFIED) {
    tree.Add("status", Tree::Of(v1::EntryStatus_Name(entry.status)));
  }
  if (entry.replaced_by) tree.Add("replaced_by", Tree::Of(entry.replaced_by->value()));
  if (entry.timeliness != v1::TIMELINESS_UNSPECIFIED) {
    tree.Add("timeliness", Tree::Of(v1::Timeliness_Name(entry.timeliness)));
  }
  if (entry.first_index) tree.Add("first_index", Tree::Of(entry.first_index->value()));
  if (entry.first_time) tree.Add("first_time", Tree::Of(*entry.first_time));
  if (entry.counts_differ) tree.Add("counts_differ", Tree::Of(true));
  if (entry.more_reports) tree.Add("more_reports", Tree::Of(true));
  const bool checked = entry.signature != SignatureCheck::kNotChecked;
  tree.Add("signature_checked", Tree::Of(checked));
  if (checked) {
    const bool by_act = entry.signature == SignatureCheck::kByFoundingAct;
    tree.Add("signing_key", Tree::Of(by_act ? "FOUNDING_ACT" : "VOTERS"));
  }
  if (entry.body && entry.body->has_release()) {
    const v1::Release& release = entry.body->release();
    tree.Add("released_by", ReleaserTree(release.name(), release.public_key()));
  }
  if (entry.body) tree.Add("record", RecordTree(*entry.body));
  return tree;
}

bool IsAmendment(const AnsweredEntry& entry) { return entry.body && entry.body->has_supersedes(); }

std::string StatusText(const AnsweredEntry& entry) {
  const std::string by =
      entry.replaced_by ? absl::StrCat(" by ", entry.replaced_by->value()) : std::string();
  std::string from;
  if (IsAmendment(entry)) {
    from = ", amended";
    if (entry.first_index) absl::StrAppend(&from, " from ", entry.first_index->value());
  }
  switch (entry.status) {
    case v1::CURRENT:
      return "current" + from;
    case v1::AMENDED:
      return "amended" + by + from;
    case v1::WITHDRAWN:
      return "withdrawn" + by + from;
    case v1::CANCELLED:
      return "cancelled" + by + from;
    default:
      return "";
  }
}

std::string FlagsText(const AnsweredEntry& entry) {
  std::string flags;
  const auto add = [&](std::string_view flag) {
    absl::StrAppend(&flags, flags.empty() ? "" : ", ", AbslView(flag));
  };
  if (entry.body && entry.body->has_observed_launch()) {
    add(absl::StrCat("a claim about ", Printable(entry.body->observed_launch().attributed())));
  }
  if (entry.counts_differ) add("counts differ");
  if (!entry.counts_differ && entry.more_reports) add("more reports than announced");
  if (entry.signature == SignatureCheck::kNotChecked) add("signature not checked");
  return flags;
}

std::string TimelinessText(v1::Timeliness timeliness) {
  switch (timeliness) {
    case v1::TIMELY:
      return "timely";
    case v1::LATE:
      return "late";
    case v1::POST_FACTO:
      return "post facto";
    case v1::HISTORIC:
      return "historic";
    default:
      return "";
  }
}

}  // namespace assent::client
