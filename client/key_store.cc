#include "client/key_store.h"

#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/errors.h"
#include "client/files.h"
#include "client/terminal.h"
#include "client/token_key.h"
#include "client/token_uri.h"
#include "ledger/limits.h"
#include "ledger/types.h"

namespace assent::client {
namespace {

constexpr std::string_view kFirstLine = "assent public key v1";

// The lines of a public key file after the first: name and where it goes.
using KeyLines = std::vector<std::pair<std::string_view, PublicKey PublicKeys::*>>;
KeyLines LinesOf(KeyPurpose purpose) {
  if (purpose != KeyPurpose::kNode) return {{"public key", &PublicKeys::key}};
  return {{"vote key", &PublicKeys::vote},
          {"checkpoint key", &PublicKeys::checkpoint},
          {"transport key", &PublicKeys::transport}};
}

// What follows "name: " on `line`.
std::optional<std::string_view> Field(std::string_view line, std::string_view name) {
  if (!line.starts_with(name)) return std::nullopt;
  line.remove_prefix(name.size());
  if (!line.starts_with(": ")) return std::nullopt;
  return line.substr(2);
}

// "an authority key"
std::string KeyWord(KeyPurpose purpose) {
  return absl::StrCat(purpose == KeyPurpose::kAuthority ? "an " : "a ",
                      AbslView(PurposeName(purpose)), " key");
}

absl::Status WrongPurpose(const std::string& path, KeyPurpose found, KeyPurpose needed) {
  return absl::InvalidArgumentError(
      absl::StrCat(path, " is ", KeyWord(found), ": ", KeyWord(needed), " is needed"));
}

absl::StatusOr<PublicKeys> LoadFromPrivate(const std::string& path) {
  const auto text = ReadSecretFile(path, kKeyFileBytesMax);
  if (!text.ok()) return text.status();
  const auto info = DescribeKeyFile(*text);
  if (!info.ok()) return Prefixed(path, info.status());
  if (info->sealed) {
    PublicKeys keys;
    keys.purpose = info->purpose;
    keys.key = info->public_key;
    return keys;
  }
  const auto seed = ReadPlainKey(*text, info->purpose);
  if (!seed.ok()) return Prefixed(path, seed.status());
  return PublicHalf(info->purpose, *seed);
}

}  // namespace

absl::StatusOr<SecretText> GetPassphrase(const std::string& file, const std::string& prompt) {
  if (file.empty()) return AskPassphrase(prompt);
  auto text = ReadSecretFile(file, kPassphraseBytesMax);
  if (text.ok() && text->view().ends_with('\n')) text->Shrink(text->view().size() - 1);
  return text;
}

absl::StatusOr<SecretText> GetNewPassphrase(const std::string& file) {
  auto first = GetPassphrase(file, "passphrase for the new key: ");
  if (!first.ok()) return first.status();
  if (first->view().size() < kPassphraseBytesMin) {
    return absl::InvalidArgumentError(
        absl::StrCat("the passphrase is shorter than ", kPassphraseBytesMin, " characters"));
  }
  if (file.empty()) {
    const auto again = GetPassphrase(file, "the same again: ");
    if (!again.ok()) return again.status();
    if (again->view() != first->view()) {
      return absl::InvalidArgumentError("the two passphrases differ: no key was made");
    }
  }
  return first;
}

absl::StatusOr<std::unique_ptr<Signer>> LoadSigner(KeyPurpose purpose,
                                                   const std::string& path_or_uri,
                                                   const std::string& passphrase_file) {
  if (TokenUri::Is(path_or_uri)) return OpenTokenKey(path_or_uri, passphrase_file);
  const std::string& path = path_or_uri;
  const auto text = ReadSecretFile(path, kKeyFileBytesMax);
  if (!text.ok()) return text.status();
  const auto info = DescribeKeyFile(*text);
  if (!info.ok()) return Prefixed(path, info.status());
  if (info->purpose != purpose) return WrongPurpose(path, info->purpose, purpose);
  const auto passphrase =
      GetPassphrase(passphrase_file, absl::StrCat("passphrase of ", path, ": "));
  if (!passphrase.ok()) return passphrase.status();
  const auto seed = UnsealKey(*text, passphrase->view());
  if (!seed.ok()) return Prefixed(path, seed.status());
  return std::make_unique<KeySigner>(SigningKey(*seed));
}

absl::StatusOr<SecretSeed> LoadPlainKey(const std::string& path, KeyPurpose purpose) {
  const auto text = ReadSecretFile(path, kKeyFileBytesMax);
  if (!text.ok()) return text.status();
  auto seed = ReadPlainKey(*text, purpose);
  if (!seed.ok()) return Prefixed(path, seed.status());
  return seed;
}

PublicKeys PublicHalf(KeyPurpose purpose, const SecretSeed& seed) {
  PublicKeys keys;
  keys.purpose = purpose;
  if (purpose == KeyPurpose::kNode) {
    const NodeKeys node = DeriveNodeKeys(seed);
    keys.vote = node.vote.public_key();
    keys.checkpoint = node.checkpoint.public_key();
    keys.transport = node.transport.public_key();
  } else {
    keys.key = SigningKey(seed).public_key();
  }
  return keys;
}

std::string FormatPublicKeys(const PublicKeys& keys) {
  std::string text =
      absl::StrCat(AbslView(kFirstLine), "\npurpose: ", AbslView(PurposeName(keys.purpose)), "\n");
  for (const auto& [name, field] : LinesOf(keys.purpose)) {
    absl::StrAppend(&text, AbslView(name), ": ", (keys.*field).hex(), "\n");
  }
  return text;
}

absl::StatusOr<PublicKeys> ParsePublicKeys(std::string_view text) {
  const std::vector<std::string> lines = absl::StrSplit(AbslView(text), '\n');
  const auto damaged = [](std::string_view what) {
    return absl::InvalidArgumentError(absl::StrCat("not a public key file: ", AbslView(what)));
  };
  if (lines.size() < 2 || lines[0] != kFirstLine) return damaged("line 1");
  const auto purpose_name = Field(lines[1], "purpose");
  const auto purpose = purpose_name ? PurposeNamed(*purpose_name) : std::nullopt;
  if (!purpose) return damaged("line purpose");
  PublicKeys keys;
  keys.purpose = *purpose;
  const KeyLines wanted = LinesOf(*purpose);
  if (lines.size() != wanted.size() + 3 || !lines.back().empty()) return damaged("number of lines");
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto& [name, field] = wanted[i];
    const auto hex = Field(lines[i + 2], name);
    const auto key = hex ? PublicKey::FromHexText(*hex) : std::nullopt;
    if (!key) return damaged(absl::StrCat("line ", AbslView(name)));
    keys.*field = *key;
  }
  return keys;
}

absl::StatusOr<PublicKeys> LoadPublicKeys(const std::string& path_or_uri) {
  if (TokenUri::Is(path_or_uri)) {
    const auto key = TokenPublicKey(path_or_uri, "");
    if (!key.ok()) return key.status();
    PublicKeys keys;
    keys.key = *key;
    return keys;
  }
  const std::string& path = path_or_uri;
  const auto text = ReadFile(path, kKeyFileBytesMax);
  if (!text.ok()) return text.status();
  if (!text->starts_with(kFirstLine)) return LoadFromPrivate(path);
  auto keys = ParsePublicKeys(*text);
  if (!keys.ok()) return Prefixed(path, keys.status());
  return keys;
}

absl::StatusOr<PublicKeys> LoadPublicKeys(const std::string& path_or_uri, KeyPurpose purpose) {
  auto keys = LoadPublicKeys(path_or_uri);
  if (keys.ok() && TokenUri::Is(path_or_uri)) keys->purpose = purpose;
  if (keys.ok() && keys->purpose != purpose) {
    return WrongPurpose(path_or_uri, keys->purpose, purpose);
  }
  return keys;
}

absl::StatusOr<PublicKey> PublicKeyFrom(const std::string& hex_or_path_or_uri, KeyPurpose purpose) {
  if (const auto key = PublicKey::FromHexText(hex_or_path_or_uri)) return *key;
  const auto keys = LoadPublicKeys(hex_or_path_or_uri, purpose);
  if (!keys.ok()) return keys.status();
  return purpose == KeyPurpose::kNode ? keys->vote : keys->key;
}

}  // namespace assent::client
