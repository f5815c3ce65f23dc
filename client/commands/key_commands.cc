// assent keygen, assent key show, assent key prove
#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/commands/command.h"
#include "client/errors.h"
#include "client/files.h"
#include "client/key_store.h"
#include "client/signer.h"
#include "client/table.h"
#include "client/token_key.h"
#include "client/token_uri.h"
#include "ledger/crypto/hash.h"
#include "ledger/crypto/sodium.h"
#include "ledger/log/checkpoint.h"
#include "ledger/membership/key_role.h"
#include "ledger/membership/possession.h"

namespace assent::client {
namespace {

Tree PublicTree(const PublicKeys& keys, const std::string& origin) {
  Tree tree = Tree::OfMap();
  tree.Add("purpose", Tree::Of(PurposeName(keys.purpose)));
  if (keys.purpose == KeyPurpose::kNode) {
    tree.Add("vote_key", Tree::Of(keys.vote.hex()));
    tree.Add("checkpoint_key", Tree::Of(keys.checkpoint.hex()));
    tree.Add("transport_key", Tree::Of(keys.transport.hex()));
    if (!origin.empty()) tree.Add("verifier_key", Tree::Of(VerifierKey(origin, keys.checkpoint)));
  } else {
    tree.Add("public_key", Tree::Of(keys.key.hex()));
    if (keys.purpose == KeyPurpose::kAuthority) {
      tree.Add("key_id", Tree::Of(KeyIdOf(keys.key).hex()));
    }
  }
  return tree;
}

void PrintTree(const Tree& tree, bool json) {
  if (json) {
    Print(ToJson(tree));
    return;
  }
  Listing listing;
  for (const auto& [key, value] : *tree.As<Tree::Map>()) {
    std::string name = key;
    std::replace(name.begin(), name.end(), '_', ' ');
    listing.Add(std::move(name), *value.As<std::string>());
  }
  Print(listing.Format());
}

// The text of a new key file.
absl::StatusOr<std::string> MakeKeyFile(KeyPurpose purpose, const SecretSeed& seed,
                                        const std::string& passphrase_file) {
  if (!IsSealed(purpose)) return WritePlainKey(purpose, seed);
  const auto passphrase = GetNewPassphrase(passphrase_file);
  if (!passphrase.ok()) return passphrase.status();
  return SealKey(purpose, seed, passphrase->view());
}

// Shows the public half of a new key and writes it beside `path`.
absl::Status PassOn(const PublicKeys& keys, const std::string& path, bool json) {
  const std::string public_path = absl::StrCat(path, AbslView(kPublicKeySuffix));
  if (auto status = WriteNewFile(public_path, FormatPublicKeys(keys), kPublicMode); !status.ok()) {
    return status;
  }
  PrintTree(PublicTree(keys, ""), json);
  return absl::OkStatus();
}

// A key that is made in a token has no file but the one of its public half.
absl::Status GenerateInToken(KeyPurpose purpose, const std::string& uri, const std::string& path,
                             const std::string& pin_file, bool json) {
  const auto key = MakeTokenKey(uri, pin_file);
  if (!key.ok()) return key.status();
  PublicKeys keys;
  keys.purpose = purpose;
  keys.key = *key;
  if (auto status = PassOn(keys, path, json); !status.ok()) {
    return Prefixed(
        absl::StrCat("the key is made, but its public half is not written (assent key "
                     "show '",
                     uri, "' --purpose ", AbslView(PurposeName(purpose)), " -o FILE does that)"),
        status);
  }
  PrintError(absl::StrCat("made in the token: ", uri, "; written: ", path,
                          AbslView(kPublicKeySuffix), " (to be passed on)\n"));
  return absl::OkStatus();
}

absl::Status Generate(KeyPurpose purpose, const std::string& path,
                      const std::string& passphrase_file, bool json) {
  const SecretSeed seed = SecretSeed::Random();
  auto text = MakeKeyFile(purpose, seed, passphrase_file);
  if (!text.ok()) return text.status();
  auto written = WriteNewFile(path, *text, kSecretMode);
  sodium_memzero(text->data(), text->size());
  if (!written.ok()) return written;
  if (auto status = PassOn(PublicHalf(purpose, seed), path, json); !status.ok()) return status;
  PrintError(absl::StrCat("written: ", path, " (secret) and ", path, AbslView(kPublicKeySuffix),
                          " (to be passed on)\n"));
  return absl::OkStatus();
}

void AddKeygen(CLI::App& keygen, Invocation& invocation, KeyPurpose purpose,
               const std::string& description, const std::vector<std::string>& examples) {
  struct Options {
    std::string path;
    std::string token;
    std::string passphrase_file;
  };
  auto options = std::make_shared<Options>();
  const std::string name(PurposeName(purpose));
  options->path = name + ".key";
  CLI::App* command = AddCommand(keygen, name, description, examples);
  command->add_option("-o,--output", options->path, "file to write; FILE.pub gets the public half")
      ->type_name("FILE")
      ->capture_default_str();
  if (IsSealed(purpose)) {
    command
        ->add_option("--token", options->token,
                     "make it in this PKCS#11 token, under this object, instead of a file: "
                     "pkcs11:token=...;object=...; FILE.pub gets the public half")
        ->type_name("URI");
    command
        ->add_option("--passphrase-file", options->passphrase_file,
                     "read the passphrase, or the token's PIN, from here [asked on the terminal]")
        ->type_name("FILE");
  }
  AddJson(command, invocation);
  SetRun(command, invocation, [&invocation, options, purpose] {
    if (!options->token.empty()) {
      return GenerateInToken(purpose, options->token, options->path, options->passphrase_file,
                             invocation.json);
    }
    return Generate(purpose, options->path, options->passphrase_file, invocation.json);
  });
}

struct ProveOptions {
  std::string path;  // or a token's URI
  std::string passphrase_file;
  std::string name;  // of a releaser; empty for other keys
};

absl::StatusOr<Tree> AuthorityProofTree(const std::string& path_or_uri,
                                        const std::string& passphrase_file, const LedgerId& ledger,
                                        const MemberCode& code) {
  const auto signer = LoadSigner(KeyPurpose::kAuthority, path_or_uri, passphrase_file);
  if (!signer.ok()) return signer.status();
  const auto possession =
      (*signer)->Sign(tag::kPossession, PossessionStatement(ledger, code, KeyRole::kAuthority));
  if (!possession.ok()) return possession.status();
  Tree tree = Tree::OfMap();
  tree.Add("new_key", Tree::Of((*signer)->public_key().hex()));
  tree.Add("possession", Tree::Of(possession->hex()));
  return tree;
}

// One of the list of Releasers.
absl::StatusOr<Tree> ReleaserProofTree(const ProveOptions& options, const LedgerId& ledger,
                                       const MemberCode& code) {
  const auto signer = LoadSigner(KeyPurpose::kReleaser, options.path, options.passphrase_file);
  if (!signer.ok()) return signer.status();
  const auto possession =
      (*signer)->Sign(tag::kPossession, PossessionStatement(ledger, code, KeyRole::kReleaser));
  if (!possession.ok()) return possession.status();
  Tree releaser = Tree::OfMap();
  releaser.Add("name", Tree::Of(options.name));
  releaser.Add("public_key", Tree::Of((*signer)->public_key().hex()));
  releaser.Add("possession", Tree::Of(possession->hex()));
  Tree tree = Tree::OfMap();
  tree.Add("releasers", Tree{Tree::List{std::move(releaser)}, 0});
  return tree;
}

// The lines of a record that brings the keys of a file, or one in a token, each key with its proof
// of possession.
absl::StatusOr<Tree> ProofTree(const ProveOptions& options, const LedgerId& ledger,
                               const MemberCode& code) {
  const std::string& path = options.path;
  const std::string& passphrase_file = options.passphrase_file;
  if (!options.name.empty()) return ReleaserProofTree(options, ledger, code);
  if (TokenUri::Is(path)) return AuthorityProofTree(path, passphrase_file, ledger, code);
  const auto known = LoadPublicKeys(path);
  if (!known.ok()) return known.status();
  if (known->purpose == KeyPurpose::kAuthority) {
    return AuthorityProofTree(path, passphrase_file, ledger, code);
  }
  if (known->purpose == KeyPurpose::kReleaser) {
    return UsageError("--name is needed: of the person or the office that has this key");
  }
  Tree tree = Tree::OfMap();
  const auto add = [&](const std::string& key, const std::string& possession, KeyRole role,
                       const SigningKey& signer) {
    tree.Add(key, Tree::Of(signer.public_key().hex()));
    tree.Add(possession, Tree::Of(SignPossession(ledger, code, role, signer).hex()));
  };
  const auto seed = LoadPlainKey(path, known->purpose);
  if (!seed.ok()) return seed.status();
  if (known->purpose == KeyPurpose::kReader) {
    add("reader_key", "reader_possession", KeyRole::kReader, SigningKey(*seed));
    return tree;
  }
  const NodeKeys keys = DeriveNodeKeys(*seed);
  add("vote_key", "vote_possession", KeyRole::kVote, keys.vote);
  add("checkpoint_key", "checkpoint_possession", KeyRole::kCheckpoint, keys.checkpoint);
  add("transport_key", "transport_possession", KeyRole::kTransport, keys.transport);
  return tree;
}

void AddProve(CLI::App& key, Invocation& invocation) {
  auto options = std::make_shared<ProveOptions>();
  CLI::App* command =
      AddCommand(key, "prove",
                 "prove to have a new key: the lines that NodeKeys, AuthorityKeyRotation, "
                 "AuthorityKeyReplacement, ContactUpdate or Releasers need; offline",
                 {"key prove nor-node.seed --code NOR --act act.txt >> node-keys.toml",
                  "key prove head.key --name \"Head of Division\" --code NOR --act act.txt >> "
                  "releasers.toml"});
  command->add_option("FILE", options->path, "secret key file, or the URI of a key in a token")
      ->required();
  command
      ->add_option("--passphrase-file", options->passphrase_file,
                   "read the passphrase of a sealed key, or the token's PIN, from here [asked on "
                   "the terminal]")
      ->type_name("FILE");
  command
      ->add_option("--name", options->name,
                   "of a releaser's key: the person or the office that has it")
      ->type_name("NAME");
  AddCode(command, invocation);
  AddAct(command, invocation);
  AddJson(command, invocation);
  SetRun(command, invocation, [&invocation, options]() -> absl::Status {
    const auto settings = invocation.ResolveSettings();
    if (!settings.ok()) return settings.status();
    const auto code = OwnCode(*settings);
    if (!code.ok()) return code.status();
    const auto act = invocation.LoadLedgerAct();
    if (!act.ok()) return act.status();
    const auto tree = ProofTree(*options, act->ledger_id, *code);
    if (!tree.ok()) return tree.status();
    Print(invocation.json ? ToJson(*tree) : ToToml(*tree));
    return absl::OkStatus();
  });
}

}  // namespace

void AddKeyCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* keygen =
      AddCommand(app, "keygen", "make a key",
                 {"keygen authority -o fra-authority.key", "keygen node -o fra-node.seed",
                  "keygen reader -o fra-reader.key", "keygen releaser -o head.key"});
  keygen->require_subcommand(1);
  AddKeygen(
      *keygen, invocation, KeyPurpose::kAuthority,
      "the key that speaks for the state: sealed with a passphrase, kept offline; or made in a "
      "token",
      {"keygen authority -o fra-authority.key",
       "keygen authority --token 'pkcs11:token=FRA;object=authority' -o fra-authority"});
  AddKeygen(*keygen, invocation, KeyPurpose::kNode,
            "the seed of a node's keys: votes, checkpoints and TLS",
            {"keygen node -o fra-node.seed"});
  AddKeygen(*keygen, invocation, KeyPurpose::kReader,
            "a key to read with: proves to a node who asks", {"keygen reader -o fra-reader.key"});
  AddKeygen(
      *keygen, invocation, KeyPurpose::kReleaser,
      "the key of somebody who releases what others draft: sealed with a passphrase, kept by that "
      "person; or made in a token",
      {"keygen releaser -o head.key",
       "keygen releaser --token 'pkcs11:token=HEAD;object=releaser' -o head"});

  struct Options {
    std::string path;
    std::string origin;
    std::string output;
    std::string purpose = "authority";
  };
  auto options = std::make_shared<Options>();
  CLI::App* key = AddCommand(
      app, "key", "look at keys, and prove to have them",
      {"key show fra-authority.key", "key prove fra-node.seed --code FRA --act act.txt"});
  key->require_subcommand(1);
  AddProve(*key, invocation);
  CLI::App* show =
      AddCommand(*key, "show", "show the public half of a key file; no passphrase is asked",
                 {"key show fra-authority.key", "key show 'pkcs11:token=FRA;object=authority'",
                  "key show fra-node.seed --origin code.example/assent"});
  show->add_option("FILE", options->path, "key file, secret or public, or the URI of a token's key")
      ->required();
  show->add_option("--origin", options->origin,
                   "name of the ledger: prints a node's C2SP verifier key as well");
  show->add_option("--purpose", options->purpose, "what a token's key is for: files say it")
      ->capture_default_str()
      ->check(CLI::IsMember({"authority", "releaser"}));
  show->add_option("-o,--output", options->output, "also write the public half to this file")
      ->type_name("FILE");
  AddJson(show, invocation);
  SetRun(show, invocation, [&invocation, options]() -> absl::Status {
    if (!options->origin.empty()) {
      if (auto status = CheckOrigin(options->origin); !status.ok()) {
        return UsageError(StdView(status.message()));
      }
    }
    const auto keys = TokenUri::Is(options->path)
                          ? LoadPublicKeys(options->path, *PurposeNamed(options->purpose))
                          : LoadPublicKeys(options->path);
    if (!keys.ok()) return keys.status();
    PrintTree(PublicTree(*keys, options->origin), invocation.json);
    if (options->output.empty()) return absl::OkStatus();
    return WriteNewFile(options->output, FormatPublicKeys(*keys), kPublicMode);
  });
}

}  // namespace assent::client
