// assent subscription note
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "assent/v1/entry.pb.h"
#include "client/commands/command.h"
#include "client/errors.h"
#include "client/files.h"
#include "client/key_store.h"
#include "client/records.h"
#include "ledger/membership/key_role.h"

namespace assent::client {
namespace {

struct NoteOptions {
  std::string name;
  std::string contact;
  std::string reader;
  std::string output;
};

// What the state says, still without its signature.
absl::StatusOr<v1::SubscriptionStatement> MakeStatement(const NoteOptions& options,
                                                        const LedgerId& ledger,
                                                        const MemberCode& code,
                                                        const PublicKey& authority_key) {
  const auto seed = LoadPlainKey(options.reader, KeyPurpose::kReader);
  if (!seed.ok()) return seed.status();
  const SigningKey reader(*seed);
  v1::SubscriptionStatement said;
  said.set_ledger_id(ledger.str());
  said.set_code(code.str());
  said.set_name(options.name);
  said.set_authority_key(authority_key.str());
  said.set_reader_key(reader.public_key().str());
  said.set_reader_possession(SignPossession(ledger, code, KeyRole::kReader, reader).str());
  said.set_contact(options.contact);
  return said;
}

absl::Status WriteNote(const NoteOptions& options, const Invocation& invocation) {
  if (auto status = CheckOneOutput(options.output, invocation.json); !status.ok()) return status;
  const auto settings = invocation.ResolveSettings();
  if (!settings.ok()) return settings.status();
  const auto code = OwnCode(*settings);
  if (!code.ok()) return code.status();
  if (settings->authority.empty()) {
    return UsageError("--authority is needed (or \"authority\" in the configuration file)");
  }
  const auto act = invocation.LoadLedgerAct();
  if (!act.ok()) return act.status();
  PrintError(absl::StrCat("subscribing to ", act->text.origin, " for ", code->str(), "\nledger id ",
                          act->ledger_id.hex(), "\n"));
  const auto signer =
      LoadSigner(KeyPurpose::kAuthority, settings->authority, settings->passphrase_file);
  if (!signer.ok()) return signer.status();
  const auto said = MakeStatement(options, act->ledger_id, *code, (*signer)->public_key());
  if (!said.ok()) return said.status();

  v1::Body body;
  body.set_visibility(v1::PUBLIC);
  v1::SubscriptionNote& note = *body.mutable_subscription_note();
  note.set_statement(said->SerializeAsString());
  const auto signature = (*signer)->Sign(tag::kSubscription, note.statement());
  if (!signature.ok()) return signature.status();
  note.set_signature(signature->str());
  const std::string content =
      absl::StrCat("# ", code->str(), " subscribes. Any member lodges this: assent file FILE\n",
                   ToToml(RecordTree(body)));
  return WriteResult(options.output, content, MessageTree(*said, Defaults::kShow), invocation.json);
}

}  // namespace

void AddSubscriptionCommands(CLI::App& app, Invocation& invocation) {
  const std::string example =
      "subscription note --act act.txt --code SWE --name Sweden --contact \"Utrikesdepartementet\" "
      "--authority swe-authority.key --reader-key swe-reader.key";
  CLI::App* subscription = AddCommand(app, "subscription", "subscribe to the Code", {example});
  subscription->require_subcommand(1);
  auto options = std::make_shared<NoteOptions>();
  options->output = "subscription.toml";
  CLI::App* note = AddCommand(
      *subscription, "note",
      "make and sign your state's note that it subscribes, for a member to lodge; offline",
      {example});
  note->add_option("--name", options->name, "name of the state")->required();
  note->add_option("--contact", options->contact, "how to reach it, for people")->required();
  note->add_option("--reader-key", options->reader,
                   "secret reader key, with which its ministry will read")
      ->required()
      ->type_name("FILE");
  note->add_option("-o,--output", options->output, "record file to write")
      ->type_name("FILE")
      ->capture_default_str();
  AddCode(note, invocation);
  AddSigning(note, invocation);
  AddAct(note, invocation);
  AddJson(note, invocation);
  SetRun(note, invocation, [&invocation, options] { return WriteNote(*options, invocation); });
}

}  // namespace assent::client
