// assent-node fsck
#include <sys/resource.h>

#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "client/parallel.h"
#include "client/progress.h"
#include "node/commands/command.h"
#include "node/fsck/fsck.h"

namespace assent::node {
namespace {

void Line(const char* name, const std::string& value) {
  std::printf("%-14s %s\n", name, value.c_str());
}

// The most that this process has had in memory, so that an operator knows what it takes.
std::uint64_t PeakMiB() {
  constexpr std::uint64_t kKiBInMiB = 1'024;
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) / kKiBInMiB;
}

// What was found to be good, what could not be looked at, what is wrong; in this order, so that the
// worst stands at the end.
void Print(const fsck::Report& report, const replica::Tip& tip) {
  const AuditCounts& audited = report.audited;
  Line("checked up to", absl::StrCat("height ", report.height.value(), " of ",
                                     tip.header.height.value(), ", ", FormatTime(tip.header.time)));
  Line("blocks", absl::StrCat(audited.blocks, ", ", audited.certificates, " with a certificate"));
  Line("entries", absl::StrCat(audited.entries, ", ", audited.signatures, " signatures good"));
  Line("index keys", absl::StrCat(report.index_keys));
  Line("tree nodes", absl::StrCat(report.merkle_nodes));
  Line("state keys", absl::StrCat(report.state_keys));
  Line("checkpoint", report.checkpoint_signers == 0
                         ? std::string("none checked")
                         : absl::StrCat("signed by ", report.checkpoint_signers, " voters"));
  Line("journal", absl::StrCat(report.journal_records, " records"));
  Line("memory", absl::StrCat(PeakMiB(), " MiB at most"));
  const fsck::Findings& findings = report.findings;
  for (const std::string& what : findings.unchecked()) {
    std::printf("could not check: %s\n", what.c_str());
  }
  for (const std::string& what : findings.faults()) std::printf("wrong: %s\n", what.c_str());
  const std::uint64_t untold = findings.faults_count() - findings.faults().size();
  if (untold > 0) std::printf("wrong: %" PRIu64 " more\n", untold);
  if (findings.good()) {
    std::printf("good: all that could be checked\n");
  } else {
    std::printf("damaged: %" PRIu64 " %s\n", findings.faults_count(),
                findings.faults_count() == 1 ? "fault" : "faults");
  }
}

// The same for programs.
void PrintJson(const fsck::Report& report, const replica::Tip& tip) {
  const AuditCounts& audited = report.audited;
  nlohmann::ordered_json json;
  json["good"] = report.findings.good();
  json["checked_up_to"] = report.height.value();
  json["height"] = tip.header.height.value();
  json["time"] = FormatTime(tip.header.time);
  json["blocks"] = audited.blocks;
  json["certificates"] = audited.certificates;
  json["entries"] = audited.entries;
  json["signatures"] = audited.signatures;
  json["index_keys"] = report.index_keys;
  json["tree_nodes"] = report.merkle_nodes;
  json["state_keys"] = report.state_keys;
  json["checkpoint_signers"] = report.checkpoint_signers;
  json["journal_records"] = report.journal_records;
  json["peak_memory_mib"] = PeakMiB();
  json["could_not_check"] = report.findings.unchecked();
  json["wrong"] = report.findings.faults();
  json["wrong_in_all"] = report.findings.faults_count();
  // Keys of a damaged database may be no UTF-8.
  std::printf("%s\n",
              json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace).c_str());
}

}  // namespace

int Fsck(const std::string& config, const FsckOptions& options) {
  auto loaded = Load(config);
  if (!loaded.ok()) return Refuse(loaded.status());
  const Identity& identity = loaded->second;
  storage::OpenOptions open = OptionsFor(loaded->first, identity);
  open.read_only = true;
  const auto store = storage::RocksStore::Open(open);
  if (!store.ok()) return Refuse(store.status());

  fsck::Options check;
  check.act = &identity.act;
  check.vote_key = identity.keys.vote.public_key();
  check.workers = client::OnThreads(options.threads);
  fsck::Report report;
  {
    client::Progress progress("checking", "blocks", client::StandardErrorDraw());
    check.progress = [&progress](std::uint64_t done, std::uint64_t total) {
      progress.Update(done, total);
    };
    report = fsck::Check(**store, check);
  }
  const replica::Tip tip = (*store)->Read()->tip();
  if (options.json) {
    PrintJson(report, tip);
  } else {
    Print(report, tip);
  }
  return report.findings.good() ? kDone : kFailed;
}

}  // namespace assent::node
