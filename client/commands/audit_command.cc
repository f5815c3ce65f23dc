// assent audit
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/block_stream.h"
#include "client/checkpoint_check.h"
#include "client/commands/command.h"
#include "client/errors.h"
#include "client/evidence_check.h"
#include "client/parallel.h"
#include "client/progress.h"
#include "client/saved_evidence.h"
#include "client/saved_ledger.h"
#include "client/saved_log.h"
#include "client/table.h"
#include "client/terminal.h"
#include "ledger/audit/audit.h"
#include "ledger/limits.h"

namespace assent::client {
namespace {

struct AuditOptions {
  std::size_t threads = std::max(1u, std::thread::hardware_concurrency());
  std::string save;  // folder; empty: none
  std::string from;
};

constexpr std::size_t kThreadsMax = 256;
constexpr std::uint64_t kKeepBlocks = 10'000;  // that are checked anew at most when it goes on

void SayPhase(const std::string& what) { PrintError(absl::StrCat(what, "\n")); }

// Adds what was checked to what is saved, if anything is. What is final is kept now and then, so
// that an audit that breaks off goes on from there.
absl::Status SaveBlocks(LedgerSaver* saver, const std::vector<v1::FinalBlock>& blocks,
                        const Auditor& auditor, Height& kept) {
  if (saver == nullptr) return absl::OkStatus();
  if (!auditor.counts().complete()) {
    return absl::PermissionDeniedError(
        "--save needs a reader who sees all bodies: questions cannot be answered without them");
  }
  if (auto status = saver->Add(blocks); !status.ok()) return status;
  const Height tip = auditor.tip().height;
  if (tip.value() < kept.value() + kKeepBlocks || !auditor.Finish().ok()) return absl::OkStatus();
  kept = tip;
  return saver->Keep(auditor);
}

// All blocks up to `to` that were not checked yet, or the first fault.
absl::Status AuditLog(Session& session, Auditor& auditor, Height to, LedgerSaver* saver) {
  Progress progress("auditing", "blocks", StandardErrorDraw());
  Height kept = auditor.tip().height;
  if (kept >= to) return auditor.Finish();
  BlockStream stream(session, kept.next(), to);
  while (true) {
    const auto batch = stream.Next();
    if (!batch.ok()) return batch.status();
    if (batch->empty()) break;
    if (auto status = auditor.Check(*batch); !status.ok()) return status;
    if (auto status = SaveBlocks(saver, *batch, auditor, kept); !status.ok()) return status;
    progress.Update(auditor.tip().height.value(), to.value());
  }
  if (auto status = auditor.Finish(); !status.ok()) return status;
  return saver == nullptr ? absl::OkStatus() : saver->Keep(auditor);
}

// The checkpoint is about a tree that the audit has passed, and its root is the one that was
// computed.
absl::Status CompareCheckpoint(const Auditor& auditor, const Checkpoint& checkpoint) {
  if (!auditor.watched_root()) {
    return absl::InvalidArgumentError(
        absl::StrCat("checkpoint: no block ends at its ", checkpoint.tree_size, " entries"));
  }
  if (*auditor.watched_root() != checkpoint.root) {
    return absl::InvalidArgumentError(absl::StrCat("checkpoint: its root is ",
                                                   checkpoint.root.hex(), ", that of the log is ",
                                                   auditor.watched_root()->hex()));
  }
  return absl::OkStatus();
}

// What was saved of the node's evidence, or checked of what was saved before.
struct EvidenceReport {
  bool saves = false;
  int rows = 0;
  std::uint64_t refused = 0;         // rows that the node gave
  std::vector<std::string> missing;  // what is not saved, and why
};

// Asks for the node's evidence and keeps what is proof. That none could be had, or not all, is no
// fault of the log.
absl::StatusOr<EvidenceReport> SaveEvidenceOf(Session& session, const Auditor& auditor,
                                              const std::string& folder) {
  SayPhase("asking for the node's evidence, and checking it");
  EvidenceReport report;
  report.saves = true;
  const auto fetched = FetchEvidence(AskOf(session), auditor, session.act());
  if (!fetched.ok()) {
    report.missing.push_back(absl::StrCat("evidence: ", Describe(fetched.status())));
    return report;
  }
  report.rows = fetched->good.rows_size();
  report.refused = fetched->refused;
  if (fetched->refused > 0) {
    report.missing.push_back(absl::StrCat(fetched->refused,
                                          fetched->refused == 1 ? " row" : " rows",
                                          " of the node's evidence: ", fetched->fault.message()));
  }
  if (fetched->more) {
    report.missing.push_back(
        absl::StrCat("the node's evidence behind the first ", report.rows, " rows"));
  }
  if (auto status = SaveEvidence(folder, fetched->good); !status.ok()) return status;
  return report;
}

// That all evidence in the folder is proof, if any was saved there.
absl::StatusOr<std::optional<EvidenceReport>> CheckSavedEvidence(const std::string& folder,
                                                                 const Auditor& auditor,
                                                                 const FoundingAct& act) {
  const auto evidence = LoadEvidence(folder);
  if (absl::IsNotFound(evidence.status())) return std::nullopt;
  if (!evidence.ok()) return evidence.status();
  if (evidence->as_of() > auditor.tip().height.value()) {
    return absl::InvalidArgumentError("saved evidence: it is of a later height than the audit");
  }
  for (const v1::AnswerRow& row : evidence->rows()) {
    absl::Status checked = CheckEvidence(row.evidence(), act);
    if (checked.ok()) checked = CheckVoterKey(row.evidence(), auditor.state());
    if (!checked.ok()) return Prefixed("saved evidence", checked);
  }
  EvidenceReport report;
  report.rows = evidence->rows_size();
  return report;
}

// `signers` is 0 when the ledger has no checkpoint yet, absent when none was asked for.
void Report(const Auditor& auditor, std::optional<std::size_t> signers,
            const std::optional<EvidenceReport>& evidence, const absl::Status& fault, bool json) {
  const AuditCounts& counts = auditor.counts();
  Tree tree = Tree::OfMap();
  tree.Add("height", Tree::Of(auditor.tip().height.value()));
  tree.Add("time", Tree::Of(auditor.tip().time));
  tree.Add("blocks", Tree::Of(counts.blocks));
  tree.Add("entries", Tree::Of(counts.entries));
  tree.Add("signatures", Tree::Of(counts.signatures));
  tree.Add("certificates", Tree::Of(counts.certificates));
  tree.Add("restarts", Tree::Of(counts.restarts));
  tree.Add("checkpoint_signers", Tree::Of(std::uint64_t{signers.value_or(0)}));
  tree.Add("tree_root", Tree::Of(auditor.tip().tree_root.hex()));
  tree.Add("state_digest", Tree::Of(auditor.tip().state_digest.hex()));
  tree.Add("bodies_hidden", Tree::Of(counts.bodies_hidden));
  tree.Add("releases_unchecked", Tree::Of(counts.releases_unchecked));
  tree.Add("rules_unchecked", Tree::Of(counts.rules_unchecked));
  tree.Add("digests_unchecked", Tree::Of(counts.digests_unchecked));
  tree.Add("waits_unchecked", Tree::Of(counts.waits_unchecked));
  if (evidence) {
    tree.Add("evidence", Tree::Of(static_cast<std::uint64_t>(evidence->rows)));
    tree.Add("evidence_refused", Tree::Of(evidence->refused));
    Tree::List missing;
    for (const std::string& what : evidence->missing) missing.push_back(Tree::Of(what));
    tree.Add("not_saved", Tree{std::move(missing), 0});
  }
  tree.Add("good", Tree::Of(fault.ok()));
  tree.Add("complete", Tree::Of(fault.ok() && counts.complete()));
  if (!fault.ok()) tree.Add("fault", Tree::Of(Describe(fault)));
  if (json) {
    Print(ToJson(tree));
    return;
  }
  Listing listing;
  listing.Add("checked up to", absl::StrCat("height ", auditor.tip().height.value(), ", ",
                                            FormatTime(auditor.tip().time)));
  listing.Add("blocks",
              absl::StrCat(counts.blocks, ", ", counts.certificates, " with a certificate"));
  listing.Add("entries", absl::StrCat(counts.entries, ", ", counts.signatures, " signatures good"));
  if (counts.restarts > 0) {
    listing.Add("epochs begun by acts of the members", absl::StrCat(counts.restarts));
  }
  listing.Add("tree root", auditor.tip().tree_root.hex());
  listing.Add("state digest", auditor.tip().state_digest.hex());
  if (fault.ok() && signers) {
    listing.Add("checkpoint", *signers == 0
                                  ? std::string("none yet")
                                  : absl::StrCat("agrees, signed by ", *signers, " voters"));
  }
  if (evidence) {
    listing.Add("evidence", absl::StrCat(evidence->rows, evidence->rows == 1 ? " row" : " rows",
                                         ", good", evidence->saves ? " and saved" : ""));
  }
  Print(listing.Format());
  if (evidence) {
    for (const std::string& what : evidence->missing) {
      Print(absl::StrCat("not saved: ", Printable(what), "\n"));
    }
  }
  if (!counts.complete()) {
    Print(absl::StrCat("not checked: ", counts.bodies_hidden,
                       " bodies are not shown to this reader; so the rules "
                       "were not applied to ",
                       counts.rules_unchecked, " entries, and ", counts.digests_unchecked,
                       " state digests were not computed\n"));
    if (counts.releases_unchecked > 0) {
      Print(absl::StrCat(
          "not checked: ", counts.releases_unchecked,
          " of these bodies had to be released, and by whom they were stands in them\n"));
    }
  }
  if (counts.waits_unchecked > 0) {
    Print(absl::StrCat("not checked: when ", counts.waits_unchecked,
                       counts.waits_unchecked == 1 ? " new authority key" : " new authority keys",
                       " had to take force: that follows from the heartbeat, which bodies that are "
                       "not shown may have changed; that none did so within ",
                       kKeyReplacementDays, " days was checked\n"));
  }
  if (fault.ok()) Print(counts.complete() ? "good: all of it\n" : "good: all that could be seen\n");
}

// A new audit, or one that goes on where it was saved.
absl::StatusOr<Auditor> StartAudit(const AuditOptions& options, const FoundingAct& act) {
  if (options.save.empty() || !IsSaved(options.save))
    return Auditor(act, OnThreads(options.threads));
  auto auditor = LoadAudit(options.save, act, options.threads);
  if (auditor.ok()) {
    SayPhase(absl::StrCat("going on behind height ", auditor->tip().height.value(), " in ",
                          options.save));
  }
  return auditor;
}

// The checkpoint that was saved, if any was, when its voters have signed it.
absl::StatusOr<std::optional<CheckedNote>> CheckSavedCheckpoint(const std::string& folder,
                                                                const FoundingAct& act) {
  const auto checkpoint = LoadCheckpoint(folder);
  if (absl::IsNotFound(checkpoint.status())) return std::nullopt;
  if (!checkpoint.ok()) return checkpoint.status();
  auto note = CheckCheckpoint(*checkpoint, act);
  if (!note.ok()) return Prefixed("saved checkpoint", note.status());
  return *std::move(note);
}

// All that was saved, anew and without a network: the blocks, and that the state from which
// questions are answered is what they make.
absl::Status AuditSaved(const AuditOptions& options, const Invocation& invocation) {
  const auto act = invocation.LoadLedgerAct();
  if (!act.ok()) return act.status();
  Auditor auditor(*act, OnThreads(options.threads));
  SayPhase(absl::StrCat("checking all in ", options.from, " anew"));
  const auto note = CheckSavedCheckpoint(options.from, *act);
  absl::Status fault = note.status();
  if (note.ok() && *note) auditor.WatchTreeSize((*note)->checkpoint.tree_size);
  if (fault.ok()) {
    fault = ReadBlocks(options.from, [&auditor](const std::vector<v1::FinalBlock>& blocks) {
      return auditor.Check(blocks);
    });
  }
  if (fault.ok()) fault = auditor.Finish();
  if (fault.ok() && *note) fault = CompareCheckpoint(auditor, (*note)->checkpoint);
  if (fault.ok()) {
    const auto saved = LoadAudit(options.from, *act, options.threads);
    if (!saved.ok()) {
      fault = saved.status();
    } else if (saved->Save() != auditor.Save()) {
      fault = absl::InvalidArgumentError(
          "saved state: it is not what the saved blocks make: remove the folder, and save anew");
    }
  }
  std::optional<EvidenceReport> evidence;
  if (fault.ok()) {
    auto checked = CheckSavedEvidence(options.from, auditor, *act);
    fault = checked.status();
    if (checked.ok()) evidence = *std::move(checked);
  }
  std::optional<std::size_t> signers;
  if (note.ok() && note->has_value()) signers.emplace((*note)->signers.size());
  Report(auditor, signers, evidence, fault, invocation.json);
  return fault;
}

absl::Status Audit(const AuditOptions& options, const Invocation& invocation) {
  if (!options.from.empty()) {
    if (!options.save.empty()) return UsageError("--save and --from exclude each other");
    return AuditSaved(options, invocation);
  }
  const auto session = invocation.Connect();
  if (!session.ok()) return session.status();
  const FoundingAct& act = (*session)->act();
  SayPhase(absl::StrCat("asking the node at ", (*session)->node(), " how far the log of ",
                        act.text.origin, " goes"));
  const auto status =
      (*session)->Call(&v1::Ledger::Stub::GetLedgerStatus, v1::GetLedgerStatusRequest());
  if (!status.ok()) return status.status();
  const auto answer =
      (*session)->Call(&v1::Ledger::Stub::GetCheckpoint, v1::GetCheckpointRequest());
  if (!answer.ok() && !absl::IsNotFound(answer.status())) return answer.status();

  auto started = StartAudit(options, act);
  if (!started.ok()) return started.status();
  Auditor& auditor = *started;
  std::unique_ptr<LedgerSaver> saver;
  if (!options.save.empty()) {
    auto opened = LedgerSaver::Open(options.save);
    if (!opened.ok()) return opened.status();
    saver = *std::move(opened);
  }
  absl::Status fault;
  std::optional<CheckedNote> note;
  if (answer.ok()) {
    SayPhase("checking the signatures of its newest checkpoint");
    auto checked = CheckCheckpoint(*answer, act);
    if (checked.ok()) {
      // An older one is about a tree that this audit has left behind.
      if (checked->checkpoint.tree_size >= auditor.tip().tree_size) {
        note = *std::move(checked);
        auditor.WatchTreeSize(note->checkpoint.tree_size);
      }
    } else {
      fault = checked.status();
    }
  }
  const Height to(std::max(status->height(), answer.ok() ? answer->height() : 0));
  if (fault.ok()) {
    SayPhase(absl::StrCat("fetching ", to.value(), " blocks and checking all in them (",
                          options.threads, options.threads == 1 ? " thread)" : " threads)"));
    fault = AuditLog(**session, auditor, to, saver.get());
  }
  if (fault.ok() && note) {
    SayPhase(absl::StrCat("comparing the checkpoint of ", note->checkpoint.tree_size, " entries"));
    fault = CompareCheckpoint(auditor, note->checkpoint);
    if (fault.ok() && saver != nullptr) fault = SaveCheckpoint(options.save, *answer);
  }
  std::optional<EvidenceReport> evidence;
  if (fault.ok() && saver != nullptr) {
    auto saved = SaveEvidenceOf(**session, auditor, options.save);
    fault = saved.status();
    if (saved.ok()) evidence = *std::move(saved);
  }
  Report(auditor, note ? note->signers.size() : 0, evidence, fault, invocation.json);
  return fault;
}

}  // namespace

void AddAuditCommand(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<AuditOptions>();
  CLI::App* command = AddCommand(
      app, "audit",
      "fetch the whole log and check it anew: signatures, certificates, tree, state digests, every "
      "rule",
      {"audit --act act.txt --node node.example.fr:7402 --reader inspector.key", "audit --json",
       "audit --save ledger --reader inspector.key", "audit --from ledger --act act.txt"});
  command
      ->add_option(
          "--save", options->save,
          "keep what was checked in this folder, with the checkpoint and the evidence that the "
          "node has, and "
          "go on from there the next time")
      ->type_name("DIR");
  command->add_option("--from", options->from, "check what was saved in this folder, offline")
      ->type_name("DIR");
  command->add_option("--threads", options->threads, "threads that check signatures")
      ->capture_default_str()
      ->check(CLI::Range(std::size_t{1}, kThreadsMax));
  AddConnection(command, invocation);
  AddJson(command, invocation);
  SetRun(command, invocation, [&invocation, options] { return Audit(*options, invocation); });
}

}  // namespace assent::client
