// assent revision instrument
#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "assent/v1/instrument.pb.h"
#include "client/commands/command.h"
#include "client/commands/revision_parts.h"
#include "client/errors.h"
#include "client/files.h"
#include "client/transfers.h"
#include "ledger/entry/strict.h"
#include "ledger/receipt/header_chain.h"
#include "ledger/receipt/instrument.h"
#include "ledger/receipt/instrument_file.h"

namespace assent::client {
namespace {

constexpr std::int32_t kPageEntries = 500;

// The records by which members and their authority keys change, but for endorsements. They are
// PUBLIC.
constexpr std::array kMembershipTypes{"SubscriptionNote",       "AuthorityKeyReplacement",
                                      "MembershipWithdrawal",   "AuthorityKeyRotation",
                                      "AuthorityKeyRevocation", "KeyReplacementRefusal"};

absl::StatusOr<v1::Revision> FetchFinalRound(Session& session, std::uint64_t id) {
  auto rounds = FetchRevisions(session);
  if (!rounds.ok()) return rounds.status();
  for (v1::Revision& round : *rounds) {
    if (round.round() != id || round.number() == 0) continue;  // a number: it is final
    return std::move(round);
  }
  return absl::NotFoundError(absl::StrCat("there is no final round ", id,
                                          " for this reader: assent revision show lists all"));
}

// Adds the entry at `index` with its proof in a tree of `tree_size`.
absl::Status AddProven(Session& session, v1::Entry entry, std::uint64_t index,
                       std::uint64_t tree_size, v1::ProvenEntry& proven) {
  *proven.mutable_entry() = std::move(entry);
  proven.set_index(index);
  v1::GetInclusionProofRequest request;
  request.set_index(index);
  request.set_tree_size(tree_size);
  auto proof = session.Call(&v1::Ledger::Stub::GetInclusionProof, request);
  if (!proof.ok()) return proof.status();
  *proven.mutable_inclusion_proof() = std::move(*proof->mutable_hashes());
  return absl::OkStatus();
}

absl::Status FetchProven(Session& session, std::uint64_t index, std::uint64_t tree_size,
                         v1::ProvenEntry& proven) {
  v1::GetEntryRequest request;
  request.set_index(index);
  auto answer = session.Call(&v1::Ledger::Stub::GetEntry, request);
  if (!answer.ok()) return answer.status();
  return AddProven(session, std::move(*answer->mutable_entry()), index, tree_size, proven);
}

// Entries of a type below `tree_size`.
absl::StatusOr<std::vector<v1::LedgerEntry>> FetchOfType(Session& session, const std::string& type,
                                                         std::uint64_t tree_size) {
  std::vector<v1::LedgerEntry> entries;
  v1::ListEntriesRequest request;
  request.set_type(type);
  request.set_to_index(tree_size);
  const auto end =
      FetchEntries(session, request, kPageEntries, tree_size, [&](const v1::LedgerEntry& entry) {
        entries.push_back(entry);
        return absl::OkStatus();
      });
  if (!end.ok()) return end.status();
  return entries;
}

// Index of the question that an endorsement is on; 0 where it cannot be read.
std::uint64_t QuestionOf(const v1::LedgerEntry& endorsement) {
  v1::Body body;
  if (!ParseStrict(endorsement.entry().body(), body).ok()) return 0;
  return body.endorsement().question();
}

absl::StatusOr<std::vector<v1::LedgerEntry>> FetchMemberships(Session& session,
                                                              std::uint64_t tree_size) {
  std::vector<v1::LedgerEntry> all;
  std::set<std::uint64_t> questions;
  for (const char* type : kMembershipTypes) {
    auto entries = FetchOfType(session, type, tree_size);
    if (!entries.ok()) return entries.status();
    for (v1::LedgerEntry& entry : *entries) {
      questions.insert(entry.index());
      all.push_back(std::move(entry));
    }
  }
  auto endorsements = FetchOfType(session, "Endorsement", tree_size);
  if (!endorsements.ok()) return endorsements.status();
  for (v1::LedgerEntry& endorsement : *endorsements) {
    if (questions.contains(QuestionOf(endorsement))) all.push_back(std::move(endorsement));
  }
  std::sort(all.begin(), all.end(),
            [](const auto& a, const auto& b) { return a.index() < b.index(); });
  return all;
}

absl::StatusOr<v1::RatificationInstrument> FetchInstrument(Session& session,
                                                           const v1::Revision& round) {
  v1::GetReceiptRequest request;
  request.set_index(round.ended_by());
  auto receipt = session.Call(&v1::Ledger::Stub::GetReceipt, request);
  if (!receipt.ok()) return receipt.status();
  const auto header = ReadHeader(receipt->header(), session.act().ledger_id);
  if (!header.ok()) return Prefixed("the node's receipt proves nothing", header.status());
  const std::uint64_t tree_size = header->header.tree_size;

  v1::RatificationInstrument instrument;
  instrument.set_completed_by(round.ended_by());
  instrument.set_header(std::move(*receipt->mutable_header()));
  *instrument.mutable_descendants() = std::move(*receipt->mutable_descendants());
  instrument.set_certificate(std::move(*receipt->mutable_certificate()));
  *instrument.mutable_epochs() = std::move(*receipt->mutable_epochs());
  if (auto status = FetchProven(session, round.round(), tree_size, *instrument.mutable_opening());
      !status.ok()) {
    return status;
  }
  for (const v1::RoundSignature& signature : round.signatures()) {
    auto status = FetchProven(session, signature.index(), tree_size, *instrument.add_signatures());
    if (!status.ok()) return status;
  }
  auto memberships = FetchMemberships(session, tree_size);
  if (!memberships.ok()) return memberships.status();
  for (v1::LedgerEntry& entry : *memberships) {
    auto status = AddProven(session, std::move(*entry.mutable_entry()), entry.index(), tree_size,
                            *instrument.add_memberships());
    if (!status.ok()) return status;
  }
  return instrument;
}

struct InstrumentOptions {
  std::uint64_t round = 0;
  std::string output;
};

absl::Status SaveInstrument(InstrumentOptions options, const Invocation& invocation) {
  if (options.output.empty())
    options.output = absl::StrCat("revision-", options.round, ".instrument");
  if (auto status = CheckOneOutput(options.output, invocation.json); !status.ok()) return status;
  const auto session = invocation.Connect();
  if (!session.ok()) return session.status();
  const auto round = FetchFinalRound(**session, options.round);
  if (!round.ok()) return round.status();
  const auto instrument = FetchInstrument(**session, *round);
  if (!instrument.ok()) return instrument.status();
  const std::string file = FormatInstrumentFile(*instrument);
  const auto proof = VerifyInstrument(file, (*session)->act());
  if (!proof.ok()) return Prefixed("the node's answers prove nothing", proof.status());
  if (auto status = ReplaceFile(options.output, file, kPublicMode); !status.ok()) return status;
  if (!invocation.json) {
    PrintError(absl::StrCat("checked: revision ", proof->number, ", signed by all ",
                            proof->signatures.size(), " members; instrument in ", options.output,
                            "\n"));
    return absl::OkStatus();
  }
  Tree tree = Tree::OfMap();
  tree.Add("revision", Tree::Of(std::uint64_t{proof->number}));
  tree.Add("text_hash", Tree::Of(proof->text_hash.hex()));
  tree.Add("instrument", Tree::Of(options.output));
  Print(ToJson(tree));
  return absl::OkStatus();
}

}  // namespace

void AddInstrument(CLI::App& revision, Invocation& invocation) {
  auto options = std::make_shared<InstrumentOptions>();
  CLI::App* command =
      AddCommand(revision, "instrument", "make the file that proves a final revision offline",
                 {"revision instrument 40 -o revision-1.instrument"});
  command->add_option("ROUND", options->round, "index of the entry that opened it")->required();
  command->add_option("-o,--output", options->output, "file to write [revision-40.instrument]")
      ->type_name("FILE");
  AddConnection(command, invocation);
  AddJson(command, invocation);
  SetRun(command, invocation,
         [&invocation, options] { return SaveInstrument(*options, invocation); });
}

}  // namespace assent::client
