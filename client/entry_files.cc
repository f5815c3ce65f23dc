#include "client/entry_files.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "assent/v1/entry.pb.h"
#include "client/errors.h"
#include "client/records.h"
#include "ledger/crypto/keys.h"
#include "ledger/entry/strict.h"
#include "ledger/entry/unsigned_entry.h"
#include "ledger/limits.h"

namespace assent::client {
namespace {

constexpr char kDraftFormat[] = "assent draft v1";
constexpr char kEntriesFormat[] = "assent entries v1";

// Reads members of one JSON object; remembers the first that is missing or wrong.
class Members {
 public:
  explicit Members(const Tree& map) : map_(map) {}

  std::string Text(std::string_view key) {
    const Tree* member = map_.Find(key);
    if (member != nullptr && member->As<std::string>()) return *member->As<std::string>();
    return Wrong<std::string>(key, "a string");
  }
  std::uint64_t Count(std::string_view key) {
    const Tree* member = map_.Find(key);
    const auto* number = member == nullptr ? nullptr : member->As<std::int64_t>();
    if (number != nullptr && *number >= 0) return static_cast<std::uint64_t>(*number);
    return Wrong<std::uint64_t>(key, "a whole number");
  }
  template <class Bytes>
  Bytes Hex(std::string_view key) {
    if (const auto bytes = Bytes::FromHexText(Text(key))) return *bytes;
    return Wrong<Bytes>(key, absl::StrCat(2 * Bytes::kSize, " hex digits"));
  }
  std::string Base64(std::string_view key) {
    if (const auto bytes = FromBase64(Text(key))) return *bytes;
    return Wrong<std::string>(key, "base64");
  }
  Time Instant(std::string_view key) {
    if (const auto time = ParseTime(Text(key)); time.ok()) return *time;
    return Wrong<Time>(key, "a time such as 2026-03-31T23:59:59Z");
  }

  absl::Status status() const { return status_; }

 private:
  template <class T>
  T Wrong(std::string_view key, std::string_view wanted) {
    if (status_.ok()) {
      status_ = absl::InvalidArgumentError(
          absl::StrCat("line ", map_.line, ": ", AbslView(key), " must be ", AbslView(wanted)));
    }
    return T();
  }

  const Tree& map_;
  absl::Status status_;
};

// The object of a file of this format, and its entries.
absl::StatusOr<Tree> ReadFileOf(std::string_view format, std::string_view text,
                                std::string_view name) {
  auto tree = ParseJson(text, name);
  if (!tree.ok()) return tree.status();
  const Tree* given = tree->Find("format");
  if (given == nullptr || given->As<std::string>() == nullptr ||
      *given->As<std::string>() != format) {
    return absl::InvalidArgumentError(
        absl::StrCat(AbslView(name), ": not a file of format \"", AbslView(format), "\""));
  }
  const Tree* entries = tree->Find("entries");
  const auto* list = entries == nullptr ? nullptr : entries->As<Tree::List>();
  if (list == nullptr || list->empty() || list->size() > kEntriesPerFileMax) {
    return absl::InvalidArgumentError(
        absl::StrCat(AbslView(name), ": entries must be a list of 1 to ", kEntriesPerFileMax));
  }
  return tree;
}

// Ok when the words beside a body say what its bytes say.
absl::Status CheckWords(const Tree& item, std::string_view body) {
  const auto meant = BodyTree(body);
  if (!meant.ok()) return meant.status();
  const Tree* record = item.Find("record");
  if (record == nullptr || ToJsonLine(*record) != ToJsonLine(*meant)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "line ", item.line, ": record does not say what body says: the file was altered"));
  }
  return absl::OkStatus();
}

// Words for a body of ours or of a file that was checked when it was read.
Tree Words(std::string_view body) {
  auto tree = BodyTree(body);
  return tree.ok() ? *std::move(tree) : Tree::OfMap();
}

absl::StatusOr<DraftEntry> ReadDraftEntry(const Tree& item) {
  Members members(item);
  DraftEntry entry;
  entry.source = members.Text("source");
  entry.not_after = members.Instant("not_after");
  entry.salt = members.Hex<Salt>("salt");
  entry.body = members.Base64("body");
  if (!members.status().ok()) return members.status();
  if (auto status = CheckWords(item, entry.body); !status.ok()) return status;
  return entry;
}

absl::StatusOr<SignedEntry> ReadSignedEntry(const Tree& item) {
  Members members(item);
  RawEntry raw;
  const std::string source = members.Text("source");
  raw.header = members.Base64("header");
  raw.signature = members.Hex<Signature>("signature");
  raw.salt = members.Hex<Salt>("salt");
  raw.body = members.Base64("body");
  if (!members.status().ok()) return members.status();
  if (auto status = CheckWords(item, *raw.body); !status.ok()) return status;
  auto entry = Entry::Parse(std::move(raw));
  if (!entry.ok()) return entry.status();
  return SignedEntry{source, *std::move(entry)};
}

Tree ReleasersTree(const std::vector<Releaser>& releasers) {
  Tree::List list;
  for (const Releaser& releaser : releasers) {
    list.push_back(ReleaserTree(releaser.name, releaser.key.view()));
  }
  return {std::move(list), 0};
}

absl::StatusOr<std::vector<Releaser>> ReadReleasers(const Tree& tree) {
  const auto* list = tree.As<Tree::List>();
  if (list == nullptr || list->empty() || list->size() > kReleasersMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("line ", tree.line, ": releasers must be a list of 1 to ", kReleasersMax));
  }
  std::vector<Releaser> releasers;
  for (const Tree& item : *list) {
    Members members(item);
    releasers.push_back({members.Text("name"), members.Hex<PublicKey>("public_key")});
    if (!members.status().ok()) return members.status();
  }
  return releasers;
}

}  // namespace

Tree ReleaserTree(std::string_view name, std::string_view public_key) {
  Tree tree = Tree::OfMap();
  tree.Add("name", Tree::Of(name));
  tree.Add("public_key", Tree::Of(ToHex(public_key)));
  return tree;
}

std::string FormatDraft(const Draft& draft) {
  Tree file = Tree::OfMap();
  file.Add("format", Tree::Of(kDraftFormat));
  file.Add("ledger_id", Tree::Of(draft.ledger_id.hex()));
  file.Add("author", Tree::Of(draft.author.str()));
  file.Add("sequence", Tree::Of(draft.head.sequence.next().value()));
  file.Add("previous", Tree::Of(draft.head.leaf_hash.hex()));
  if (!draft.releasers.empty()) file.Add("releasers", ReleasersTree(draft.releasers));
  Tree::List entries;
  for (const DraftEntry& entry : draft.entries) {
    Tree item = Tree::OfMap();
    item.Add("source", Tree::Of(entry.source));
    item.Add("not_after", Tree::Of(FormatTime(entry.not_after)));
    item.Add("record", Words(entry.body));
    item.Add("salt", Tree::Of(entry.salt.hex()));
    item.Add("body", Tree::Of(ToBase64(entry.body)));
    entries.push_back(std::move(item));
  }
  file.Add("entries", Tree{std::move(entries), 0});
  return ToJson(file);
}

absl::StatusOr<Draft> ParseDraft(std::string_view text, std::string_view name) {
  const auto file = ReadFileOf(kDraftFormat, text, name);
  if (!file.ok()) return file.status();
  Members members(*file);
  Draft draft;
  draft.ledger_id = members.Hex<LedgerId>("ledger_id");
  const auto author = MemberCode::From(members.Text("author"));
  const std::uint64_t sequence = members.Count("sequence");
  draft.head.leaf_hash = members.Hex<Hash>("previous");
  if (!members.status().ok()) return Prefixed(name, members.status());
  if (!author || sequence == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(AbslView(name), ": author must be a code and sequence at least 1"));
  }
  draft.author = *author;
  draft.head.sequence = Sequence(sequence - 1);
  if (const Tree* releasers = file->Find("releasers")) {
    auto read = ReadReleasers(*releasers);
    if (!read.ok()) return Prefixed(name, read.status());
    draft.releasers = *std::move(read);
  }
  for (const Tree& item : *file->Find("entries")->As<Tree::List>()) {
    auto entry = ReadDraftEntry(item);
    if (!entry.ok()) return Prefixed(name, entry.status());
    draft.entries.push_back(*std::move(entry));
  }
  return draft;
}

absl::StatusOr<std::vector<SignedEntry>> SignDraft(const Draft& draft, Signer& signer) {
  std::vector<SignedEntry> entries;
  AuthorHead head = draft.head;
  for (const DraftEntry& item : draft.entries) {
    EntryHeader header;
    header.ledger_id = draft.ledger_id;
    header.author = draft.author;
    header.sequence = head.sequence.next();
    header.previous = head.leaf_hash;
    header.not_after = item.not_after;
    RawEntry raw = UnsignedEntry(std::move(header), item.body, item.salt, signer.public_key());
    const auto signature = signer.Sign(tag::kEntry, raw.header);
    if (!signature.ok()) return Prefixed(item.source, signature.status());
    raw.signature = *signature;
    auto entry = Entry::Parse(std::move(raw));
    if (!entry.ok()) return Prefixed(item.source, entry.status());
    head = {entry->header().sequence, entry->leaf_hash()};
    entries.push_back({item.source, *std::move(entry)});
  }
  return entries;
}

std::string FormatEntries(const std::vector<SignedEntry>& entries) {
  Tree::List list;
  for (const auto& [source, entry] : entries) {
    Tree item = Tree::OfMap();
    item.Add("source", Tree::Of(source));
    item.Add("name", Tree::Of(EntryName(entry.header())));
    item.Add("record", Words(entry.body()));
    item.Add("header", Tree::Of(ToBase64(entry.header_bytes())));
    item.Add("signature", Tree::Of(entry.signature().hex()));
    item.Add("salt", Tree::Of(entry.salt().hex()));
    item.Add("body", Tree::Of(ToBase64(entry.body())));
    list.push_back(std::move(item));
  }
  Tree file = Tree::OfMap();
  file.Add("format", Tree::Of(kEntriesFormat));
  file.Add("entries", Tree{std::move(list), 0});
  return ToJson(file);
}

absl::StatusOr<std::vector<SignedEntry>> ParseEntries(std::string_view text,
                                                      std::string_view name) {
  const auto file = ReadFileOf(kEntriesFormat, text, name);
  if (!file.ok()) return file.status();
  std::vector<SignedEntry> entries;
  for (const Tree& item : *file->Find("entries")->As<Tree::List>()) {
    auto entry = ReadSignedEntry(item);
    if (!entry.ok()) return Prefixed(name, entry.status());
    entries.push_back(*std::move(entry));
  }
  return entries;
}

absl::StatusOr<Tree> BodyTree(std::string_view body) {
  v1::Body message;
  if (auto status = ParseStrict(body, message); !status.ok()) return status;
  return RecordTree(message);
}

std::string WithSuffix(const std::string& path, const std::string& old, const std::string& suffix) {
  std::string stem = path;
  if (!old.empty() && path.ends_with(old)) {
    stem.resize(path.size() - old.size());
  } else if (const auto dot = path.rfind('.');
             dot != std::string::npos && path.find('/', dot) == std::string::npos && dot > 0) {
    stem.resize(dot);
  }
  return (stem == "-" ? "record" : stem) + suffix;
}

std::string EntryName(const EntryHeader& header) {
  return absl::StrCat(header.author.str(), "/", header.sequence.value());
}

}  // namespace assent::client
