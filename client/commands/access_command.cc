// assent access-token
#include <CLI/CLI.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "client/act_file.h"
#include "client/commands/command.h"
#include "client/commands/filing_steps.h"
#include "client/errors.h"
#include "client/key_store.h"
#include "ledger/access/access_token.h"

namespace assent::client {
namespace {

// The node that the token is for.
absl::StatusOr<PublicKey> TokensNode(const Settings& settings, const FoundingAct& act) {
  if (!settings.node_key.empty()) {
    const auto key = PublicKey::FromHexText(settings.node_key);
    if (!key) return UsageError("--node-key is not a key of 64 hexadecimal digits");
    return *key;
  }
  if (settings.member.empty()) {
    return UsageError(
        "--member or --node-key is needed: the node that the token is for, and no other takes it");
  }
  const auto founder = FounderOf(act, settings.member);
  if (!founder.ok()) return founder.status();
  return (*founder)->transport_key;
}

absl::Status PrintAccessToken(std::int64_t minutes, const Invocation& invocation) {
  const auto settings = invocation.ResolveSettings();
  if (!settings.ok()) return settings.status();
  if (settings->reader.empty()) {
    return UsageError(
        "--reader is needed: a member's reader key, or a key that a member has accredited");
  }
  const auto act = invocation.LoadLedgerAct();
  if (!act.ok()) return act.status();
  const auto node = TokensNode(*settings, *act);
  if (!node.ok()) return node.status();
  auto seed = LoadPlainKey(settings->reader, KeyPurpose::kReader);
  if (!seed.ok()) return seed.status();
  const SigningKey reader(*seed);
  const Time until = Now() + Seconds(60 * minutes);
  const std::string token = MakeAccessToken({act->ledger_id, *node}, reader, until);
  if (invocation.json) {
    Tree tree = Tree::OfMap();
    tree.Add("token", Tree::Of(token));
    tree.Add("until", Tree::Of(until));
    tree.Add("reader_key", Tree::Of(reader.public_key().hex()));
    tree.Add("node_key", Tree::Of(node->hex()));
    Print(ToJson(tree));
    return absl::OkStatus();
  }
  Print(token + "\n");
  PrintError(absl::StrCat("good until ", FormatTime(until), " at the node with transport key ",
                          node->hex(),
                          "; whoever has it reads there what you may read: keep it to yourself\n"));
  return absl::OkStatus();
}

}  // namespace

void AddAccessCommand(CLI::App& app, Invocation& invocation) {
  auto minutes = std::make_shared<std::int64_t>(kAccessMinutesDefault);
  CLI::App* command = AddCommand(
      app, "access-token",
      "make a token by which a node's page shows, for some minutes, what your key may read; "
      "offline",
      {"access-token --member FRA --reader inspector.key", "access-token --minutes 60 --json"});
  command->add_option("--minutes", *minutes, "how long it is good")
      ->check(CLI::Range(std::int64_t{1}, kAccessMinutesMax))
      ->type_name("N")
      ->capture_default_str();
  AddNodeName(command, invocation);
  AddJson(command, invocation);
  SetRun(command, invocation,
         [&invocation, minutes] { return PrintAccessToken(*minutes, invocation); });
}

}  // namespace assent::client
