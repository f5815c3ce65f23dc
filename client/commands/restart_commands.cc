// assent restart new, merge, sign, check, apply: the act by which the members start the next epoch
// at a named block, when more voters have lost their journals than the protocol bears.
#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/commands/command.h"
#include "client/commands/operator.h"
#include "client/errors.h"
#include "client/files.h"
#include "client/key_store.h"
#include "client/table.h"
#include "ledger/limits.h"
#include "ledger/receipt/restart_act.h"

namespace assent::client {
namespace {

// An act as a file has it, with what it says.
struct RestartFile {
  v1::RestartAct act;
  Restart restart;
  bool complete() const { return restart.signers.size() >= restart.needed(); }
};

LedgerId LedgerOfRestart(const v1::RestartAct& act) {
  const auto header = ParseBlockHeader(act.header());
  return header.ok() ? header->ledger_id : LedgerId();
}

absl::StatusOr<RestartFile> LoadRestart(const std::string& path) {
  const auto file = ReadFile(path, kRestartMagic.size() + kRestartActBytesMax);
  if (!file.ok()) return file.status();
  auto act = ParseRestartFile(*file);
  if (!act.ok()) return Prefixed(path, act.status());
  auto restart = ReadRestart(*act, LedgerOfRestart(*act));
  if (!restart.ok()) return Prefixed(path, restart.status());
  return RestartFile{*std::move(act), *std::move(restart)};
}

// The same, of the ledger whose founding act is given.
absl::StatusOr<RestartFile> LoadRestartOf(const std::string& path, const FoundingAct& ledger) {
  auto read = LoadRestart(path);
  if (read.ok() && read->restart.block.header.ledger_id != ledger.ledger_id) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": it is of ledger ", read->restart.block.header.ledger_id.hex(),
                     ", the founding act of ", ledger.ledger_id.hex()));
  }
  return read;
}

std::string SignersOfRestart(const Restart& restart) {
  return absl::StrJoin(restart.signers, " ",
                       [](std::string* out, const MemberCode& code) { out->append(code.str()); });
}

Tree RestartTree(const Restart& restart, bool complete) {
  const BlockHeader& header = restart.block.header;
  Tree tree = Tree::OfMap();
  tree.Add("ledger_id", Tree::Of(header.ledger_id.hex()));
  tree.Add("epoch", Tree::Of(restart.epoch.value()));
  tree.Add("height", Tree::Of(header.height.value()));
  tree.Add("block", Tree::Of(restart.block.hash.hex()));
  tree.Add("block_epoch", Tree::Of(header.epoch.value()));
  tree.Add("block_view", Tree::Of(header.view.value()));
  tree.Add("block_time", Tree::Of(header.time));
  tree.Add("entries", Tree::Of(header.tree_size));
  tree.Add("members", Tree::Of(static_cast<std::uint64_t>(restart.members.size())));
  tree.Add("needed", Tree::Of(static_cast<std::uint64_t>(restart.needed())));
  Tree::List signers;
  for (const MemberCode& code : restart.signers) signers.push_back(Tree::Of(code.str()));
  tree.Add("signed", Tree{std::move(signers), 0});
  tree.Add("complete", Tree::Of(complete));
  return tree;
}

std::string DescribeRestart(const RestartFile& read) {
  const Restart& restart = read.restart;
  const BlockHeader& header = restart.block.header;
  Listing listing;
  listing.Add("ledger id", header.ledger_id.hex());
  listing.Add("starts", absl::StrCat("epoch ", restart.epoch.value()));
  listing.Add("at block", absl::StrCat(header.height.value(), " of epoch ", header.epoch.value(),
                                       ", view ", header.view.value()));
  listing.Add("block hash", restart.block.hash.hex());
  listing.Add("block time", FormatTime(header.time));
  listing.Add("entries", absl::StrCat(header.tree_size));
  listing.Add("signed by",
              restart.signers.empty() ? std::string("nobody") : SignersOfRestart(restart));
  listing.Add("needed", absl::StrCat(restart.needed(), " of ", restart.members.size(), " members"));
  return listing.Format();
}

absl::Status SaveRestart(const RestartFile& read, const std::string& path, bool replace,
                         bool json) {
  const std::string file = FormatRestartFile(read.act);
  auto status =
      replace ? ReplaceFile(path, file, kPublicMode) : WriteNewFile(path, file, kPublicMode);
  if (!status.ok()) return status;
  if (json) {
    Tree tree = RestartTree(read.restart, read.complete());
    tree.Add("written", Tree::Of(path));
    Print(ToJson(tree));
  } else {
    Print(absl::StrCat(DescribeRestart(read), "written to ", path, "\n"));
  }
  return absl::OkStatus();
}

void AddAdminSocket(CLI::App* command, std::string* socket) {
  command->add_option("--admin", *socket, "the node's admin socket")
      ->required()
      ->type_name("SOCKET");
}

void AddRestartNew(CLI::App& parent, Invocation& invocation) {
  struct Options {
    std::string socket;
    std::string output = "restart.act";
  };
  auto options = std::make_shared<Options>();
  CLI::App* command =
      AddCommand(parent, "new",
                 "ask your node at which block it could start; needs every node that has its data",
                 {"restart new --admin /run/assent/admin.sock -o restart-fra.act"});
  AddAdminSocket(command, &options->socket);
  command->add_option("-o,--output", options->output, "file to write")
      ->type_name("FILE")
      ->capture_default_str();
  AddJson(command, invocation);
  SetRun(command, invocation, [&invocation, options]() -> absl::Status {
    auto act = AskNode(options->socket, invocation, &v1::Node::Stub::DraftRestart);
    if (!act.ok()) return act.status();
    auto restart = ReadRestart(*act, LedgerOfRestart(*act));
    if (!restart.ok()) return Prefixed("the node's draft", restart.status());
    return SaveRestart({*std::move(act), *std::move(restart)}, options->output, false,
                       invocation.json);
  });
}

// A later epoch voids what an earlier one had under way; within one, the block of the highest view
// is the one on which every other can stand. A closing block that is final at one of the nodes
// needs no certificate: there an act with one is refused, and others fetch the block.
auto RankOfRestart(const RestartFile& read) {
  const BlockHeader& header = read.restart.block.header;
  return std::tuple(read.restart.epoch, header.epoch, header.view, header.height,
                    read.act.certificate().empty());
}

absl::StatusOr<RestartFile> MergeRestarts(const std::vector<std::string>& paths) {
  std::vector<RestartFile> all;
  for (const std::string& path : paths) {
    auto read = LoadRestart(path);
    if (!read.ok()) return read.status();
    if (!all.empty() &&
        read->restart.block.header.ledger_id != all.front().restart.block.header.ledger_id) {
      return absl::InvalidArgumentError(absl::StrCat(path, ": it is of another ledger"));
    }
    all.push_back(*std::move(read));
  }
  const RestartFile& highest =
      *std::ranges::max_element(all, [](const RestartFile& a, const RestartFile& b) {
        return RankOfRestart(a) < RankOfRestart(b);
      });
  std::map<std::string, std::string> signatures;
  for (const RestartFile& read : all) {
    if (read.restart.epoch != highest.restart.epoch ||
        read.restart.block.hash != highest.restart.block.hash) {
      continue;
    }
    for (const auto& one : read.act.signatures()) signatures[one.code()] = one.signature();
  }
  RestartFile merged = highest;
  merged.act.clear_signatures();
  for (auto& [code, signature] : signatures) {
    v1::RestartSignature& one = *merged.act.add_signatures();
    one.set_code(code);
    one.set_signature(signature);
  }
  auto restart = ReadRestart(merged.act, LedgerOfRestart(merged.act));
  if (!restart.ok()) return restart.status();
  merged.restart = *std::move(restart);
  return merged;
}

void AddRestartMerge(CLI::App& parent, Invocation& invocation) {
  auto paths = std::make_shared<std::vector<std::string>>();
  CLI::App* command =
      AddCommand(parent, "merge",
                 "of the nodes' drafts take the one of the highest block; of copies of one act, "
                 "all signatures",
                 {"restart merge restart.act restart-fra.act restart-ind.act restart-jpn.act"});
  auto output = std::make_shared<std::string>();
  command->add_option("ACT", *output, "file to write, or an act that is rewritten")->required();
  command->add_option("COPY", *paths, "drafts and copies")->required();
  AddJson(command, invocation);
  SetRun(command, invocation, [&invocation, paths, output]() -> absl::Status {
    std::vector<std::string> all = *paths;
    const bool replace = std::filesystem::exists(*output);
    if (replace) all.insert(all.begin(), *output);
    const auto merged = MergeRestarts(all);
    if (!merged.ok()) return merged.status();
    return SaveRestart(*merged, *output, replace, invocation.json);
  });
}

struct SignRestartOptions {
  std::string path;
  std::string code;
  std::string authority;
  std::string passphrase_file;
};

absl::Status SignRestart(const SignRestartOptions& options, const Invocation& invocation) {
  const auto ledger = invocation.LoadLedgerAct();
  if (!ledger.ok()) return ledger.status();
  auto read = LoadRestartOf(options.path, *ledger);
  if (!read.ok()) return read.status();
  const auto code = MemberCode::From(options.code);
  const auto& members = read->restart.members;
  const auto member =
      code ? std::ranges::find(members, *code, &MemberIdentity::code) : members.end();
  if (member == members.end()) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", options.code, "\" is not among the members of the act"));
  }
  PrintError(absl::StrCat("signing for ", code->str(), " of ", ledger->text.origin, "\n",
                          DescribeRestart(*read)));
  const auto signer =
      LoadSigner(KeyPurpose::kAuthority, options.authority, options.passphrase_file);
  if (!signer.ok()) return signer.status();
  if ((*signer)->public_key() != member->authority_key) {
    return absl::InvalidArgumentError(absl::StrCat(options.authority,
                                                   ": this is not the authority key that ",
                                                   code->str(), " has at the named block"));
  }
  const auto signature = (*signer)->Sign(
      tag::kRestart, RestartStatement(ledger->ledger_id, read->restart.epoch, read->restart.block));
  if (!signature.ok()) return signature.status();
  auto* signatures = read->act.mutable_signatures();
  const bool has_signed =
      std::ranges::find(read->restart.signers, *code) != read->restart.signers.end();
  if (!has_signed) {
    v1::RestartSignature& added = *signatures->Add();
    added.set_code(code->str());
    added.set_signature(signature->str());
    std::sort(signatures->begin(), signatures->end(),
              [](const auto& a, const auto& b) { return a.code() < b.code(); });
  }
  auto restart = ReadRestart(read->act, ledger->ledger_id);
  if (!restart.ok()) return restart.status();
  read->restart = *std::move(restart);
  return SaveRestart(*read, options.path, true, invocation.json);
}

void AddRestartSign(CLI::App& parent, Invocation& invocation) {
  auto options = std::make_shared<SignRestartOptions>();
  CLI::App* command = AddCommand(
      parent, "sign", "add a member's signature to an act; offline",
      {"restart sign restart.act --act act.txt --code FRA --authority fra-authority.key"});
  command->add_option("ACT", options->path, "the act; it is rewritten")->required();
  command->add_option("--code", options->code, "code of the state")->required();
  command
      ->add_option("--authority", options->authority, "authority key, a sealed file or in a token")
      ->required()
      ->type_name("FILE|URI");
  command
      ->add_option("--passphrase-file", options->passphrase_file,
                   "read its passphrase or PIN from here [asked on the terminal]")
      ->type_name("FILE");
  AddAct(command, invocation);
  AddJson(command, invocation);
  SetRun(command, invocation, [&invocation, options] { return SignRestart(*options, invocation); });
}

void AddRestartCheck(CLI::App& parent, Invocation& invocation) {
  auto path = std::make_shared<std::string>();
  CLI::App* command = AddCommand(
      parent, "check", "show an act and check its signatures; exit code 1 while some are missing",
      {"restart check restart.act --act act.txt"});
  command->add_option("ACT", *path, "the act")->required();
  AddAct(command, invocation);
  AddJson(command, invocation);
  SetRun(command, invocation, [&invocation, path]() -> absl::Status {
    const auto ledger = invocation.LoadLedgerAct();
    if (!ledger.ok()) return ledger.status();
    const auto read = LoadRestartOf(*path, *ledger);
    if (!read.ok()) return read.status();
    if (invocation.json) {
      Print(ToJson(RestartTree(read->restart, read->complete())));
    } else {
      Print(DescribeRestart(*read));
      if (read->complete()) Print("complete: enough members have signed\n");
    }
    return CheckRestart(read->act, ledger->ledger_id).status();
  });
}

void AddRestartApply(CLI::App& parent, Invocation& invocation) {
  struct Options {
    std::string path;
    std::string socket;
    bool never_voted = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command =
      AddCommand(parent, "apply", "give your node an act that enough members have signed",
                 {"restart apply restart.act --admin /run/assent/admin.sock",
                  "restart apply restart.act --never-voted --admin /run/assent/admin.sock"});
  command->add_option("ACT", options->path, "the act")->required();
  command->add_flag(
      "--never-voted", options->never_voted,
      "of a node that has lost its data: it has never voted in the epoch that the act "
      "starts, so it may vote there from the beginning");
  AddAdminSocket(command, &options->socket);
  AddJson(command, invocation);
  SetRun(command, invocation, [&invocation, options]() -> absl::Status {
    auto read = LoadRestart(options->path);
    if (!read.ok()) return read.status();
    v1::TakeRestartRequest request;
    *request.mutable_act() = std::move(read->act);
    request.set_never_voted(options->never_voted);
    const auto taken = AskNode(options->socket, invocation, &v1::Node::Stub::TakeRestart, request);
    if (!taken.ok()) return taken.status();
    if (invocation.json) {
      Tree tree = RestartTree(read->restart, true);
      tree.Add("entered", Tree::Of(taken->entered()));
      Print(ToJson(tree));
      return absl::OkStatus();
    }
    const std::string epoch = absl::StrCat("epoch ", read->restart.epoch.value());
    Print(taken->entered()
              ? absl::StrCat("the node is in ", epoch, "\n")
              : absl::StrCat("the node has the act; it enters ", epoch, " when it has block ",
                             read->restart.block.header.height.value(), "\n"));
    return absl::OkStatus();
  });
}

}  // namespace

void AddRestartCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* restart =
      AddCommand(app, "restart",
                 "start the next epoch at a named block, after more voters than the ledger bears "
                 "lost their data",
                 {"restart new --admin /run/assent/admin.sock -o restart-fra.act",
                  "restart merge restart.act restart-fra.act restart-ind.act",
                  "restart sign restart.act --act act.txt --code FRA --authority fra-authority.key",
                  "restart apply restart.act --admin /run/assent/admin.sock"});
  restart->require_subcommand(1);
  AddRestartNew(*restart, invocation);
  AddRestartMerge(*restart, invocation);
  AddRestartSign(*restart, invocation);
  AddRestartCheck(*restart, invocation);
  AddRestartApply(*restart, invocation);
}

}  // namespace assent::client
