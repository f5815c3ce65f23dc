#include "ledger/receipt/instrument.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "assent/v1/entry.pb.h"
#include "ledger/entry/proto.h"
#include "ledger/entry/release.h"
#include "ledger/entry/strict.h"
#include "ledger/receipt/instrument_file.h"
#include "ledger/receipt/proven_block.h"
#include "ledger/receipt/roster.h"
#include "ledger/receipt/step.h"
#include "ledger/rules/changes.h"

namespace assent {
namespace {

// An entry that is in the tree of the instrument's block.
struct Included {
  EntryIndex index;
  Entry entry;
  v1::Body body;
};

absl::StatusOr<Included> ReadEntry(const v1::ProvenEntry& proven, const ProvenBlock& block,
                                   const LedgerId& ledger) {
  auto entry = FromProto(proven.entry());
  if (!entry.ok()) return entry.status();
  if (entry->header().ledger_id != ledger) {
    return absl::InvalidArgumentError("it was signed for another ledger");
  }
  if (!entry->has_body()) return absl::InvalidArgumentError("it comes without its body");
  const EntryIndex index(proven.index());
  if (auto status =
          CheckInclusion(entry->leaf_hash(), index, proven.inclusion_proof(), block.block.header);
      !status.ok()) {
    return status;
  }
  Included included{.index = index, .entry = *std::move(entry), .body = {}};
  if (auto status = ParseStrict(included.entry.body(), included.body); !status.ok()) return status;
  const v1::Release& release = included.body.release();
  if (included.body.has_release() && !VerifyRelease(included.entry.header(), included.entry.body(),
                                                    release.public_key(), release.signature())) {
    return absl::InvalidArgumentError("its release is not signed by the key that it names");
  }
  return included;
}

// All entries of an instrument.
struct Entries {
  Included opening;
  std::map<EntryIndex, Included> others;  // about memberships, and signatures
};

absl::StatusOr<Entries> ReadEntries(const v1::RatificationInstrument& instrument,
                                    const ProvenBlock& block, const LedgerId& ledger) {
  auto opening = ReadEntry(instrument.opening(), block, ledger);
  if (!opening.ok()) return At("opening", opening.status());
  if (!opening->body.has_revision_open()) return At("opening", "it opens no round of revision");
  Entries entries{.opening = *std::move(opening), .others = {}};
  for (const auto* list : {&instrument.memberships(), &instrument.signatures()}) {
    for (const v1::ProvenEntry& proven : *list) {
      auto entry = ReadEntry(proven, block, ledger);
      if (!entry.ok()) return At(absl::StrCat("entry ", proven.index()), entry.status());
      const EntryIndex index = entry->index;
      if (!entries.others.emplace(index, *std::move(entry)).second) {
        return At(absl::StrCat("entry ", proven.index()), "it is there twice");
      }
    }
  }
  return entries;
}

// Goes through the log as far as the instrument shows it.
class Ratification {
 public:
  Ratification(const FoundingAct& act, const Entries& entries, EntryIndex completed_by)
      : roster_(act),
        entries_(entries),
        opening_(entries.opening.body.revision_open()),
        text_hash_(rules::RevisionHash(opening_.text(), opening_.changes())),
        completed_by_(completed_by) {}

  absl::Status Check(const Hash& members_hash) {
    bool opened = false;
    bool completed = false;
    for (const auto& [index, included] : entries_.others) {
      if (index == entries_.opening.index) return At("opening", "it is there twice");
      if (!opened && entries_.opening.index < index) {
        if (auto status = CheckOpening(); !status.ok()) return status;
        opened = true;
      }
      if (auto status = Take(included); !status.ok()) {
        return At(absl::StrCat("entry ", index.value()), status);
      }
      if (index == completed_by_) {
        if (auto status = CheckComplete(included); !status.ok()) return status;
        completed = true;
      }
    }
    if (!completed) return At("completion", "the completing entry is not there");
    if (!roster_.HasHash(members_hash)) {
      return At("members", "they are not those that the voters signed: an entry is missing");
    }
    return absl::OkStatus();
  }

  const Hash& text_hash() const { return text_hash_; }
  const v1::RevisionOpen& opening() const { return opening_; }
  // When it was complete.
  const std::vector<RatifyingSignature>& signatures() const { return complete_; }
  bool by_withdrawal() const { return by_withdrawal_; }

 private:
  absl::Status CheckOpening() {
    if (auto status = roster_.Admit(entries_.opening.entry); !status.ok()) {
      return At("opening", status);
    }
    return absl::OkStatus();
  }

  absl::Status Take(const Included& included) {
    if (auto status = roster_.Admit(included.entry); !status.ok()) return status;
    const MemberCode& author = included.entry.header().author;
    if (!included.body.has_revision_sign()) {
      return roster_.Apply(included.index, author, included.body);
    }
    if (completed_by_ < included.index) {
      return absl::InvalidArgumentError("it is a signature after the completing entry");
    }
    const v1::RevisionSign& said = included.body.revision_sign();
    const RosterMember& member = roster_.members().at(author);
    if (!said.has_round() || said.round() != entries_.opening.index.value()) {
      return absl::InvalidArgumentError("it signs another round");
    }
    if (included.index <= entries_.opening.index) {
      return absl::InvalidArgumentError("it signs before the round was opened");
    }
    if (said.text_hash() != text_hash_.view()) {
      return absl::InvalidArgumentError("it signs another text");
    }
    if (!said.has_replaces() || said.replaces() != opening_.replaces()) {
      return absl::InvalidArgumentError("it signs the replacement of another revision");
    }
    if (!said.has_membership() || said.membership() != member.membership.value()) {
      return absl::InvalidArgumentError("it signs for another membership than the signer has");
    }
    signed_[author] = {.signature = {.member = author,
                                     .index = included.index,
                                     .endorsed_key = member.endorsed_key,
                                     .released_by = included.body.release().name()},
                       .membership = member.membership};
    return absl::OkStatus();
  }

  // At the completing entry: every member has signed, and this entry is what made it so.
  absl::Status CheckComplete(const Included& last) {
    by_withdrawal_ = last.body.has_membership_withdrawal();
    if (!by_withdrawal_ && !last.body.has_revision_sign()) {
      return At("completion", "the completing entry is neither a signature nor a withdrawal");
    }
    if (roster_.members().empty()) return At("completion", "there is no member");
    std::vector<std::string> missing;
    for (const auto& [code, member] : roster_.members()) {
      const auto found = signed_.find(code);
      if (found == signed_.end() || found->second.membership != member.membership) {
        missing.push_back(code.str());
      } else {
        complete_.push_back(found->second.signature);
      }
    }
    if (!missing.empty()) {
      return At("completion",
                absl::StrCat("the signature of ", absl::StrJoin(missing, ", "), " is missing"));
    }
    std::sort(complete_.begin(), complete_.end(),
              [](const auto& a, const auto& b) { return a.index < b.index; });
    return absl::OkStatus();
  }

  struct Signed {
    RatifyingSignature signature;
    EntryIndex membership;
  };

  Roster roster_;
  const Entries& entries_;
  const v1::RevisionOpen& opening_;
  Hash text_hash_;
  EntryIndex completed_by_;
  std::map<MemberCode, Signed> signed_;
  std::vector<RatifyingSignature> complete_;
  bool by_withdrawal_ = false;
};

void Explain(const FoundingAct& act, const ProvenBlock& block, bool by_withdrawal,
             InstrumentProof& proof) {
  std::vector<std::string> members;
  std::vector<std::string> endorsed;
  std::vector<std::string> released;
  for (const RatifyingSignature& signature : proof.signatures) {
    members.push_back(signature.member.str());
    if (signature.endorsed_key) endorsed.push_back(signature.member.str());
    if (!signature.released_by.empty()) released.push_back(signature.member.str());
  }
  proof.proved.push_back(absl::StrCat("each of the ", members.size(), " members (",
                                      absl::StrJoin(members, ", "),
                                      ") signed this very text with its authority key"));
  proof.proved.push_back(
      absl::StrCat("it is revision ", proof.number, " of ledger ", act.text.origin,
                   ", final at entry ", proof.completed_by.value(), " in block ",
                   proof.header.height.value(), ", filed at ", FormatTime(proof.header.time)));
  if (by_withdrawal) {
    proof.proved.push_back(
        "what completed it is the withdrawal of the last member that had not signed");
  }
  proof.proved.push_back(FinalitySentence(block));
  if (auto restart = RestartSentence(block); !restart.empty()) {
    proof.proved.push_back(std::move(restart));
  }
  proof.proved.push_back(
      "who is a member, and by which key, follows from what authority keys signed, from the "
      "founding act on");
  if (!endorsed.empty()) {
    proof.not_shown.push_back(
        absl::StrCat("whether ", absl::StrJoin(endorsed, ", "),
                     " consents: its key came by the other members' endorsement, after a waiting "
                     "period that this file cannot show"));
  }
  if (!released.empty()) {
    proof.not_shown.push_back(absl::StrCat("whether ", absl::StrJoin(released, ", "),
                                           " had named who released its signature: that stands in "
                                           "its Releasers, which an audit reads"));
  }
  proof.not_shown.push_back(
      "whether a state became a member besides these: a hostile quorum of voters could hide one "
      "that joined later, but no founder");
  proof.not_shown.push_back(
      "whether the round was open when it was signed, and nobody had objected: for that stand the "
      "voters that signed the block");
  proof.not_shown.push_back("whether a later revision has replaced this one");
  proof.not_shown.push_back(OtherHistorySentence(block));
}

}  // namespace

absl::StatusOr<InstrumentProof> VerifyInstrument(std::string_view file, const FoundingAct& act) {
  const auto instrument = ParseInstrumentFile(file);
  if (!instrument.ok()) return At("file", instrument.status());
  const auto block = ProveBlock(
      {.header = instrument->header(),
       .descendants = {instrument->descendants().begin(), instrument->descendants().end()},
       .certificate = instrument->certificate(),
       .epochs = instrument->epochs()},
      act);
  if (!block.ok()) return block.status();
  const BlockHeader& header = block->block.header;
  const EntryIndex completed_by(instrument->completed_by());
  if (const auto status = CheckPlace(completed_by, header); !status.ok()) {
    return At("completion", status);
  }
  const auto entries = ReadEntries(*instrument, *block, act.ledger_id);
  if (!entries.ok()) return entries.status();
  Ratification ratification(act, *entries, completed_by);
  if (const auto status = ratification.Check(header.members_hash); !status.ok()) return status;

  const v1::RevisionOpen& opening = ratification.opening();
  InstrumentProof proof{.round = entries->opening.index,
                        .number = opening.replaces() + 1,
                        .title = opening.title(),
                        .text = opening.text(),
                        .changes = rules::FormatChanges(opening.changes()),
                        .text_hash = ratification.text_hash(),
                        .signatures = ratification.signatures(),
                        .completed_by = completed_by,
                        .header = header,
                        .proved = {},
                        .not_shown = {}};
  Explain(act, *block, ratification.by_withdrawal(), proof);
  return proof;
}

}  // namespace assent
