// assent receipt, consistency, verify
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/act_file.h"
#include "client/checkpoint_check.h"
#include "client/commands/command.h"
#include "client/commands/entry_name.h"
#include "client/consistency.h"
#include "client/entry_files.h"
#include "client/errors.h"
#include "client/files.h"
#include "client/filing.h"
#include "client/proof_source.h"
#include "client/records.h"
#include "client/table.h"
#include "client/terminal.h"
#include "ledger/limits.h"
#include "ledger/log/merkle.h"
#include "ledger/receipt/instrument.h"
#include "ledger/receipt/ledger_root.h"

namespace assent::client {
namespace {

struct ReceiptOptions {
  std::string name;
  std::string from;
  std::string output;
  std::string tlog_proof;
  std::string leaf;
};

// A node, or what was saved.
absl::StatusOr<std::unique_ptr<ProofSource>> OpenProofs(const std::string& from,
                                                        const Invocation& invocation) {
  if (!from.empty()) {
    auto act = invocation.LoadLedgerAct();
    if (!act.ok()) return act.status();
    return SavedProofs(from, *std::move(act));
  }
  auto session = invocation.Connect();
  if (!session.ok()) return session.status();
  return ProofsOfNode(*std::move(session));
}

void AddProofsFrom(CLI::App* command, std::string& from) {
  command
      ->add_option("--from", from, "make it offline, from what assent audit --save DIR has checked")
      ->type_name("DIR");
}

// The entry's inclusion proof under the newest checkpoint, both checked, in C2SP tlog-proof form.
absl::StatusOr<std::string> TlogProof(ProofSource& source, const ReceiptProof& entry) {
  const auto answer = source.Checkpoint();
  if (!answer.ok()) return answer.status();
  const auto note = CheckCheckpoint(*answer, source.act());
  if (!note.ok()) return note.status();
  const Checkpoint& checkpoint = note->checkpoint;
  if (entry.index.value() >= checkpoint.tree_size) {
    return absl::UnavailableError("no checkpoint has the entry yet: try again in a moment");
  }
  v1::GetInclusionProofRequest request;
  request.set_index(entry.index.value());
  request.set_tree_size(checkpoint.tree_size);
  const auto proof = source.Inclusion(request);
  if (!proof.ok()) return proof.status();
  const auto hashes = ProofHashes(proof->hashes());
  if (!hashes.ok()) return Prefixed("the inclusion proof", hashes.status());
  const auto status = VerifyInclusion(entry.entry.leaf_hash(), entry.index.value(),
                                      checkpoint.tree_size, *hashes, checkpoint.root);
  if (!status.ok()) return Prefixed("the inclusion proof proves nothing", status);
  return FormatTlogProof(entry.index.value(), *hashes, answer->note());
}

absl::StatusOr<VerifiedReceipt> ReceiptOf(ProofSource& source, const std::string& name) {
  const auto named = EntryRequest(name);
  if (!named.ok()) return named.status();
  const auto entry = source.Find(*named);
  if (!entry.ok()) return entry.status();
  const auto receipt = source.Receipt(entry->index);
  if (!receipt.ok()) return receipt.status();
  return CheckReceipt(*receipt, entry->leaf_hash, source.act());
}

void PrintReceipt(const ReceiptProof& proof, const ReceiptOptions& options, bool json) {
  const std::string name = EntryName(proof.entry.header());
  if (!json) {
    PrintError(absl::StrCat("checked: ", name, " is entry ", proof.index.value(), ", filed ",
                            FormatTime(proof.header.time), "; receipt in ", options.output, "\n"));
    return;
  }
  Tree tree = Tree::OfMap();
  tree.Add("entry", Tree::Of(name));
  tree.Add("index", Tree::Of(proof.index.value()));
  tree.Add("leaf_hash", Tree::Of(proof.entry.leaf_hash().hex()));
  tree.Add("height", Tree::Of(proof.header.height.value()));
  tree.Add("time", Tree::Of(proof.header.time));
  if (proof.released_by) {
    tree.Add("released_by", ReleaserTree(proof.released_by->name, proof.released_by->key.view()));
  }
  tree.Add("receipt", Tree::Of(options.output));
  if (!options.tlog_proof.empty()) tree.Add("tlog_proof", Tree::Of(options.tlog_proof));
  if (!options.leaf.empty()) tree.Add("leaf", Tree::Of(options.leaf));
  Print(ToJson(tree));
}

absl::Status SaveReceipt(ReceiptOptions options, const Invocation& invocation) {
  for (const std::string& path : {options.output, options.tlog_proof, options.leaf}) {
    if (auto status = CheckOneOutput(path, invocation.json); !status.ok()) return status;
  }
  const auto source = OpenProofs(options.from, invocation);
  if (!source.ok()) return source.status();
  const auto receipt = ReceiptOf(**source, options.name);
  if (!receipt.ok()) return receipt.status();
  const Entry& entry = receipt->proof.entry;
  if (options.output.empty()) {
    options.output = EntryName(entry.header()) + ".receipt";
    std::replace(options.output.begin(), options.output.end(), '/', '-');
  }
  if (auto status = ReplaceFile(options.output, receipt->file, kPublicMode); !status.ok()) {
    return status;
  }
  if (!options.leaf.empty()) {
    const std::string leaf = LeafData(entry.header_bytes(), entry.signature());
    if (auto status = ReplaceFile(options.leaf, leaf, kPublicMode); !status.ok()) return status;
  }
  if (!options.tlog_proof.empty()) {
    const auto proof = TlogProof(**source, receipt->proof);
    if (!proof.ok()) return proof.status();
    if (auto status = ReplaceFile(options.tlog_proof, *proof, kPublicMode); !status.ok())
      return status;
  }
  PrintReceipt(receipt->proof, options, invocation.json);
  return absl::OkStatus();
}

Tree StringList(const std::vector<std::string>& texts) {
  Tree::List list;
  for (const std::string& text : texts) list.push_back(Tree::Of(text));
  return {std::move(list), 0};
}

void PrintProofSentences(const std::vector<std::string>& proved,
                         const std::vector<std::string>& not_shown) {
  Print("\nproved:\n");
  for (const std::string& sentence : proved) Print(absl::StrCat("  ", Printable(sentence), "\n"));
  if (!not_shown.empty()) Print("not shown:\n");
  for (const std::string& sentence : not_shown) {
    Print(absl::StrCat("  ", Printable(sentence), "\n"));
  }
}

// `record` is what the body says, if it is there.
void PrintProof(const ReceiptProof& proof, const std::optional<Tree>& record,
                const FoundingAct& act, bool json) {
  const Entry& entry = proof.entry;
  if (json) {
    Tree tree = Tree::OfMap();
    tree.Add("origin", Tree::Of(act.text.origin));
    tree.Add("entry", Tree::Of(EntryName(entry.header())));
    tree.Add("index", Tree::Of(proof.index.value()));
    tree.Add("leaf_hash", Tree::Of(entry.leaf_hash().hex()));
    tree.Add("height", Tree::Of(proof.header.height.value()));
    tree.Add("time", Tree::Of(proof.header.time));
    if (proof.released_by) {
      tree.Add("released_by", ReleaserTree(proof.released_by->name, proof.released_by->key.view()));
    }
    tree.Add("proved", StringList(proof.proved));
    tree.Add("not_shown", StringList(proof.not_shown));
    if (record) tree.Add("record", *record);
    Print(ToJson(tree));
    return;
  }
  Listing listing;
  listing.Add("ledger", act.text.origin);
  listing.Add("entry", EntryName(entry.header()));
  listing.Add("index", absl::StrCat(proof.index.value()));
  listing.Add("filed", absl::StrCat(FormatTime(proof.header.time), " at height ",
                                    proof.header.height.value()));
  if (proof.released_by) listing.Add("released by", proof.released_by->name);
  Print(listing.Format());
  PrintProofSentences(proof.proved, proof.not_shown);
  if (record) Print("\n" + Printable(ToToml(*record), true));
}

absl::Status VerifyReceiptFile(const std::string& path, const std::string& file,
                               const FoundingAct& act, bool json) {
  const auto proof = VerifyReceipt(file, act);
  if (!proof.ok()) return Prefixed(absl::StrCat(path, " proves nothing"), proof.status());
  std::optional<Tree> record;
  if (proof->entry.has_body()) {
    // "The text shown is the one that was signed" must not be said of a text that is not shown.
    auto tree = BodyTree(proof->entry.body());
    if (!tree.ok()) {
      return Prefixed(absl::StrCat(path,
                                   ": the proof is good, but this version cannot read the "
                                   "text that was signed"),
                      tree.status());
    }
    record = *std::move(tree);
  }
  PrintProof(*proof, record, act, json);
  return absl::OkStatus();
}

Tree SignatureList(const InstrumentProof& proof) {
  Tree::List list;
  for (const RatifyingSignature& signature : proof.signatures) {
    Tree item = Tree::OfMap();
    item.Add("member", Tree::Of(signature.member.str()));
    item.Add("index", Tree::Of(signature.index.value()));
    item.Add("endorsed_key", Tree::Of(signature.endorsed_key));
    if (!signature.released_by.empty()) {
      item.Add("released_by", Tree::Of(signature.released_by));
    }
    list.push_back(std::move(item));
  }
  return {std::move(list), 0};
}

void PrintInstrument(const InstrumentProof& proof, const FoundingAct& act, bool json) {
  if (json) {
    Tree tree = Tree::OfMap();
    tree.Add("origin", Tree::Of(act.text.origin));
    tree.Add("revision", Tree::Of(std::uint64_t{proof.number}));
    tree.Add("round", Tree::Of(proof.round.value()));
    tree.Add("title", Tree::Of(proof.title));
    tree.Add("text", Tree::Of(proof.text));
    tree.Add("changes", Tree::Of(proof.changes));
    tree.Add("text_hash", Tree::Of(proof.text_hash.hex()));
    tree.Add("completed_by", Tree::Of(proof.completed_by.value()));
    tree.Add("height", Tree::Of(proof.header.height.value()));
    tree.Add("time", Tree::Of(proof.header.time));
    tree.Add("signatures", SignatureList(proof));
    tree.Add("proved", StringList(proof.proved));
    tree.Add("not_shown", StringList(proof.not_shown));
    Print(ToJson(tree));
    return;
  }
  Listing listing;
  listing.Add("ledger", act.text.origin);
  listing.Add("revision", absl::StrCat(proof.number));
  listing.Add("title", proof.title);
  listing.Add("text hash", proof.text_hash.hex());
  listing.Add("final", absl::StrCat(FormatTime(proof.header.time), " by entry ",
                                    proof.completed_by.value()));
  Print(listing.Format() + "\n");
  Table table({{"SIGNED BY"}, {"INDEX", Align::kRight}, {"KEY"}, {"RELEASED BY"}});
  for (const RatifyingSignature& signature : proof.signatures) {
    table.AddRow({signature.member.str(), absl::StrCat(signature.index.value()),
                  signature.endorsed_key ? "endorsed" : "own", signature.released_by});
  }
  Print(table.Format(WantsColor(stdout)));
  PrintProofSentences(proof.proved, proof.not_shown);
  if (!proof.changes.empty()) Print("\nchanges:\n" + Printable(proof.changes, true));
  Print("\n" + Printable(proof.text, true));
}

struct ConsistencyOptions {
  std::string older;
  std::string newer;
  std::string from;
  std::string output;
};

std::string SignersOf(const CheckedNote& note) {
  std::string signers;
  for (const MemberCode& code : note.signers) {
    absl::StrAppend(&signers, signers.empty() ? "" : ", ", code.str());
  }
  return signers;
}

Tree NoteTree(const CheckedNote& note) {
  Tree tree = Tree::OfMap();
  tree.Add("tree_size", Tree::Of(note.checkpoint.tree_size));
  tree.Add("root", Tree::Of(note.checkpoint.root.hex()));
  std::vector<std::string> signers;
  for (const MemberCode& code : note.signers) signers.push_back(code.str());
  tree.Add("signers", StringList(signers));
  return tree;
}

Tree ConsistencyTree(const CheckedConsistency& checked) {
  Tree tree = Tree::OfMap();
  tree.Add("origin", Tree::Of(checked.newer.checkpoint.origin));
  tree.Add("older", NoteTree(checked.older));
  tree.Add("newer", NoteTree(checked.newer));
  return tree;
}

void PrintConsistency(const CheckedConsistency& checked, bool json) {
  const std::vector<std::string> proved{
      absl::StrCat("a quorum of the voters (", SignersOf(checked.older),
                   ") signed the older checkpoint, of ", checked.older.checkpoint.tree_size,
                   " entries"),
      absl::StrCat("a quorum of the voters (", SignersOf(checked.newer),
                   ") signed the newer checkpoint, of ", checked.newer.checkpoint.tree_size,
                   " entries"),
      "what the older commits to is the beginning of what the newer commits to: nothing of it was "
      "changed or taken away"};
  const std::vector<std::string> not_shown{
      "what the entries are, and whether they follow the rules: that is for an audit"};
  if (json) {
    Tree tree = ConsistencyTree(checked);
    tree.Add("proved", StringList(proved));
    tree.Add("not_shown", StringList(not_shown));
    Print(ToJson(tree));
    return;
  }
  Listing listing;
  listing.Add("ledger", checked.newer.checkpoint.origin);
  for (const auto& [name, note] : {std::pair("older", &checked.older.checkpoint),
                                   std::pair("newer", &checked.newer.checkpoint)}) {
    listing.Add(name, absl::StrCat(note->tree_size, " entries, root ", note->root.hex()));
  }
  Print(listing.Format());
  PrintProofSentences(proved, not_shown);
}

// Both checkpoints and what leads from the one to the other, as the source gives it, not yet
// checked but for the size of the trees.
absl::StatusOr<v1::CheckpointConsistency> ConsistencyOf(ProofSource& source, std::string older,
                                                        std::string newer) {
  auto answer = newer.empty() ? source.Checkpoint() : source.CheckpointOf(std::move(newer));
  if (!answer.ok()) return answer.status();
  v1::CheckpointConsistency proof;
  proof.set_older(std::move(older));
  *proof.mutable_newer() = *std::move(answer);
  const auto first = ParseNote(proof.older());
  if (!first.ok()) return Prefixed("the older checkpoint", first.status());
  const auto second = ParseNote(proof.newer().note());
  if (!second.ok()) return Prefixed("the newer checkpoint", second.status());
  v1::GetConsistencyProofRequest request;
  request.set_first_size(first->checkpoint.tree_size);
  request.set_second_size(second->checkpoint.tree_size);
  if (request.first_size() > request.second_size()) {
    return absl::UnavailableError(absl::StrCat(
        "the older checkpoint has ", request.first_size(), " entries, the newer ",
        request.second_size(), ": give them in their order, or ask a node that has come so far"));
  }
  if (request.first_size() == 0) return proof;
  auto hashes = source.Consistency(request);
  if (!hashes.ok()) return hashes.status();
  proof.mutable_hashes()->Swap(hashes->mutable_hashes());
  return proof;
}

absl::Status SaveConsistency(ConsistencyOptions options, const Invocation& invocation) {
  if (auto status = CheckOneOutput(options.output, invocation.json); !status.ok()) return status;
  auto older = ReadFile(options.older, kNoteBytesMax);
  if (!older.ok()) return older.status();
  std::string newer;
  if (!options.newer.empty()) {
    auto file = ReadFile(options.newer, kNoteBytesMax);
    if (!file.ok()) return file.status();
    newer = *std::move(file);
  }
  const auto source = OpenProofs(options.from, invocation);
  if (!source.ok()) return source.status();
  const auto proof = ConsistencyOf(**source, *std::move(older), std::move(newer));
  if (!proof.ok()) return proof.status();
  const auto checked = CheckConsistency(*proof, (*source)->act());
  if (!checked.ok()) {
    return Prefixed(
        absl::StrCat(
            options.from.empty() ? "the node does not show" : "what was saved does not show",
            " that the ledger has only grown since; keep both checkpoints, and ask other "
            "nodes"),
        checked.status());
  }
  const Checkpoint& first = checked->older.checkpoint;
  const Checkpoint& second = checked->newer.checkpoint;
  if (options.output.empty()) {
    options.output = absl::StrCat(first.tree_size, "-", second.tree_size, ".consistency");
  }
  const std::string file = FormatConsistencyFile(*proof);
  if (options.output == "-") {
    Print(file);
    return absl::OkStatus();
  }
  if (auto status = ReplaceFile(options.output, file, kPublicMode); !status.ok()) return status;
  if (invocation.json) {
    Tree tree = ConsistencyTree(*checked);
    tree.Add("written", Tree::Of(options.output));
    Print(ToJson(tree));
    return absl::OkStatus();
  }
  PrintError(absl::StrCat("checked: the log of ", second.tree_size, " entries begins with that of ",
                          first.tree_size, "; proof in ", options.output, "\n"));
  return absl::OkStatus();
}

// Not Ok for a file of ours, by its first line, in a format that this program does not know.
absl::Status CheckFormat(std::string_view file) {
  for (const std::string_view magic : {kReceiptMagic, kInstrumentMagic, kConsistencyMagic}) {
    const std::string_view of_any_version = magic.substr(0, magic.rfind(' ') + 1);
    if (!file.starts_with(of_any_version) || file.starts_with(magic)) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("it does not begin with \"", AbslView(magic.substr(0, magic.size() - 1)),
                     "\": verify it with the version of assent that made it, or a newer one"));
  }
  return absl::OkStatus();
}

absl::Status Verify(const std::string& path, const Invocation& invocation) {
  const auto act = invocation.LoadLedgerAct();
  if (!act.ok()) return act.status();
  const auto file =
      ReadFile(path, std::max({kReceiptBytesMax, kInstrumentBytesMax, kConsistencyBytesMax}));
  if (!file.ok()) return file.status();
  if (const auto known = CheckFormat(*file); !known.ok()) return Prefixed(path, known);
  if (file->starts_with(kConsistencyMagic)) {
    const auto checked = VerifyConsistencyFile(*file, *act);
    if (!checked.ok()) return Prefixed(absl::StrCat(path, " proves nothing"), checked.status());
    PrintConsistency(*checked, invocation.json);
    return absl::OkStatus();
  }
  if (!file->starts_with(kInstrumentMagic)) {
    return VerifyReceiptFile(path, *file, *act, invocation.json);
  }
  const auto proof = VerifyInstrument(*file, *act);
  if (!proof.ok()) return Prefixed(absl::StrCat(path, " proves nothing"), proof.status());
  PrintInstrument(*proof, *act, invocation.json);
  return absl::OkStatus();
}

void AddConsistencyCommand(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<ConsistencyOptions>();
  CLI::App* command = AddCommand(
      app, "consistency",
      "get the proof that the ledger has only grown since a checkpoint, and check it",
      {"consistency yesterday.note", "consistency 2026.note 2027.note -o 2027.consistency",
       "consistency yesterday.note --from ledger --act act.txt"});
  command->add_option("OLDER", options->older, "a checkpoint that was kept (assent checkpoint)")
      ->required();
  command->add_option("NEWER", options->newer, "another [the newest]");
  command->add_option("-o,--output", options->output, "file to write [146-201.consistency]")
      ->type_name("FILE");
  AddProofsFrom(command, options->from);
  AddConnection(command, invocation);
  AddJson(command, invocation);
  SetRun(command, invocation,
         [&invocation, options] { return SaveConsistency(*options, invocation); });
}

}  // namespace

void AddReceiptCommands(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<ReceiptOptions>();
  CLI::App* receipt = AddCommand(
      app, "receipt", "get the receipt of an entry, and check it",
      {"receipt 41 -o launch.receipt", "receipt FRA/7 --tlog-proof launch.tlog --leaf launch.leaf",
       "receipt 41 --from ledger --act act.txt"});
  receipt->add_option("ENTRY", options->name, "index in the log, or author and sequence: FRA/7")
      ->required();
  receipt->add_option("-o,--output", options->output, "file to write [FRA-7.receipt]")
      ->type_name("FILE");
  receipt
      ->add_option("--tlog-proof", options->tlog_proof,
                   "also write a C2SP tlog-proof under the newest checkpoint")
      ->type_name("FILE");
  receipt->add_option("--leaf", options->leaf, "also write the leaf data that the proof is about")
      ->type_name("FILE");
  AddProofsFrom(receipt, options->from);
  AddConnection(receipt, invocation);
  AddJson(receipt, invocation);
  SetRun(receipt, invocation, [&invocation, options] { return SaveReceipt(*options, invocation); });

  AddConsistencyCommand(app, invocation);

  auto path = std::make_shared<std::string>();
  CLI::App* verify = AddCommand(
      app, "verify",
      "check a receipt, an instrument or a consistency proof offline: all it needs is the founding "
      "act",
      {"verify launch.receipt --act act.txt", "verify revision-1.instrument --act act.txt",
       "verify 146-201.consistency --act act.txt"});
  verify->add_option("FILE", *path, "receipt, ratification instrument, or consistency proof")
      ->required();
  AddAct(verify, invocation);
  AddJson(verify, invocation);
  SetRun(verify, invocation, [&invocation, path] { return Verify(*path, invocation); });
}

}  // namespace assent::client
