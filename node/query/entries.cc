#include "node/query/entries.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/rules/indexes.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/record_index.h"
#include "ledger/rules/rules.h"
#include "node/query/describe.h"
#include "node/query/limits.h"
#include "node/query/page_token.h"

namespace assent::query {

using replica::ReadView;

namespace {

// Which entries of [first, end) are wanted, and as of which tree size they are described.
struct Selection {
  std::optional<MemberCode> author;
  std::string type;  // empty: every type
  std::uint64_t first = 0;
  std::uint64_t end = 0;
  std::uint64_t tree_size = 0;
};

// Calls `visit` for entries of the selection, and maybe others, in order until it returns false.
using Visit = absl::FunctionRef<bool(EntryIndex, const EntryPtr&)>;

// The lowest sequence of `author` whose entry is at `first` or later, one past its newest when
// there is none.
absl::StatusOr<Sequence> FirstSequenceFrom(const ReadView& view, const MemberCode& author,
                                           std::uint64_t first) {
  std::uint64_t low = 1;
  std::uint64_t high = rules::HeadOf(view.state(), author).sequence.value() + 1;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    const absl::StatusOr<EntryIndex> index = view.IndexOf(author, Sequence(middle));
    if (!index.ok()) return index.status();
    if (index->value() < first) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return Sequence(low);
}

absl::Status VisitAuthor(const ReadView& view, const Selection& selection, Visit visit) {
  const MemberCode& author = *selection.author;
  absl::StatusOr<Sequence> sequence = FirstSequenceFrom(view, author, selection.first);
  if (!sequence.ok()) return sequence.status();
  const Sequence newest = rules::HeadOf(view.state(), author).sequence;
  for (; *sequence <= newest; *sequence = sequence->next()) {
    const absl::StatusOr<EntryIndex> index = view.IndexOf(author, *sequence);
    if (!index.ok()) return index.status();
    if (index->value() >= selection.end) break;
    const absl::StatusOr<EntryPtr> entry = view.EntryAt(*index);
    if (!entry.ok()) return entry.status();
    if (!visit(*index, *entry)) break;
  }
  return absl::OkStatus();
}

// Records of one author, or of all of them, that are all to be shown.
struct Shown {
  rules::Audience audience;
  std::optional<MemberCode> author;
};

// The records of a type that this reader may see, from those indexes of which it may see all that
// is in them: where a page ends would tell others about records that they may not see.
std::vector<Shown> ShownTo(const Reader& reader, const Selection& selection) {
  const auto& author = selection.author;
  if (reader.SeesAllOf(selection.type) || (author && reader.Covers(*author, selection.type))) {
    return {{rules::Audience::kMembers, author}};
  }
  std::vector<Shown> shown{{rules::Audience::kPublic, author}};
  if (author) return shown;
  std::set<MemberCode> covered;
  for (const rules::AccreditationView& given : reader.accreditations) {
    for (const MemberCode& each : given.scope.authors) {
      if (given.scope.Covers(each, selection.type)) covered.insert(each);
    }
  }
  for (const MemberCode& each : covered) shown.push_back({rules::Audience::kMembers, each});
  return shown;
}

absl::Status ScanShown(const ReadView& view, const Shown& shown, const std::string& type,
                       std::uint64_t first, absl::FunctionRef<bool(EntryIndex)> visit) {
  if (shown.audience == rules::Audience::kMembers && !shown.author) {
    return view.ScanType(type, EntryIndex(first), visit);
  }
  const std::string prefix =
      rules::RecordsPrefix(shown.audience, shown.author.value_or(MemberCode()), type);
  view.state().Scan(
      prefix, prefix + rules::IndexDigits(EntryIndex(first)),
      [&](std::string_view key, std::string_view) { return visit(rules::IndexAtEnd(key)); });
  return absl::OkStatus();
}

// At most `records_max` and one more.
absl::Status VisitType(const ReadView& view, const Reader& reader, const Selection& selection,
                       std::size_t records_max, Visit visit) {
  // The first so many of all are among the first so many of each.
  std::set<EntryIndex> found;
  for (const Shown& shown : ShownTo(reader, selection)) {
    std::size_t left = records_max + 1;
    absl::Status scanned =
        ScanShown(view, shown, selection.type, selection.first, [&](EntryIndex index) {
          if (index.value() >= selection.end) return false;
          found.insert(index);
          return --left > 0;
        });
    if (!scanned.ok()) return scanned;
  }
  for (const EntryIndex index : found) {
    const absl::StatusOr<EntryPtr> entry = view.EntryAt(index);
    if (!entry.ok()) return entry.status();
    if (!visit(index, *entry)) break;
  }
  return absl::OkStatus();
}

absl::Status VisitCandidates(const ReadView& view, const Reader& reader, const Selection& selection,
                             std::size_t entries_max, Visit visit) {
  if (!selection.type.empty()) return VisitType(view, reader, selection, entries_max, visit);
  if (selection.author) return VisitAuthor(view, selection, visit);
  return view.ScanEntries(
      EntryIndex(selection.first), EntryIndex(selection.end),
      [&](EntryIndex index, const EntryPtr& entry) { return visit(index, entry); });
}

struct Page {
  std::vector<v1::LedgerEntry> entries;
  std::optional<EntryIndex> next;  // nothing when all of the selection was looked at
};

absl::StatusOr<Page> ReadPage(const ReadView& view, const Reader& reader,
                              const Selection& selection, std::size_t entries_max,
                              std::size_t bytes_max) {
  Page page;
  std::size_t looked_at = 0;
  std::size_t bytes = 0;
  absl::Status failed;
  BlockFinder blocks(&view);
  const auto visit = [&](EntryIndex index, const EntryPtr& entry) {
    if (page.entries.size() == entries_max || looked_at == kScanEntriesMax) {
      page.next = index;
      return false;
    }
    ++looked_at;
    const std::optional<rules::Description> visible = Visible(*entry, reader, selection.type);
    if (!selection.type.empty() && !visible) return true;
    const absl::StatusOr<BlockHeader> block = blocks.Holding(index);
    failed = block.status();
    if (!failed.ok()) return false;
    v1::LedgerEntry described =
        Describe(view, *entry, index, *block, selection.tree_size, reader, visible);
    bytes += described.ByteSizeLong();
    if (bytes > bytes_max && !page.entries.empty()) {
      page.next = index;
      return false;
    }
    page.entries.push_back(std::move(described));
    return true;
  };
  const absl::Status visited = VisitCandidates(view, reader, selection, entries_max, visit);
  if (!failed.ok()) return failed;
  if (!visited.ok()) return visited;
  return page;
}

absl::StatusOr<std::optional<MemberCode>> ParseAuthor(const std::string& text) {
  if (text.empty()) return std::optional<MemberCode>();
  std::optional<MemberCode> author = MemberCode::From(text);
  if (!author) {
    return absl::InvalidArgumentError("author is not the code of a state: 3 to 8 letters A-Z");
  }
  return author;
}

absl::Status CheckType(const std::string& type) {
  if (type.empty()) return absl::OkStatus();
  const std::vector<std::string> types = rules::RecordTypes();
  if (std::binary_search(types.begin(), types.end(), type)) return absl::OkStatus();
  std::string known;
  for (const std::string& name : types) absl::StrAppend(&known, known.empty() ? "" : ", ", name);
  return absl::InvalidArgumentError(
      absl::StrCat("there is no such record type: use one of ", known));
}

// First index of the first block from `time` on; the tree size when there is none.
absl::StatusOr<std::uint64_t> FirstIndexFrom(const ReadView& view, Time time) {
  const Height height = view.FirstHeightFrom(time);
  if (height > view.tip().header.height) return view.tip().header.tree_size;
  const absl::StatusOr<StoredBlock> block = view.BlockAt(height);
  if (!block.ok()) return block.status();
  return block->header.first_index.value();
}

absl::StatusOr<Selection> Select(const ReadView& view, const v1::ListEntriesRequest& request,
                                 Height as_of) {
  Selection selection;
  auto author = ParseAuthor(request.author());
  if (!author.ok()) return author.status();
  selection.author = *std::move(author);
  if (const absl::Status status = CheckType(request.type()); !status.ok()) return status;
  selection.type = request.type();

  const absl::StatusOr<StoredBlock> block = view.BlockAt(as_of);
  if (!block.ok()) return block.status();
  selection.tree_size = block->header.tree_size;
  selection.end = selection.tree_size;
  if (request.has_from_index()) selection.first = request.from_index();
  if (request.has_to_index())
    selection.end = std::min<std::uint64_t>(selection.end, request.to_index());
  if (request.has_from_time_us()) {
    const auto first = FirstIndexFrom(view, Time{request.from_time_us()});
    if (!first.ok()) return first.status();
    selection.first = std::max(selection.first, *first);
  }
  if (request.has_to_time_us()) {
    const auto end = FirstIndexFrom(view, Time{request.to_time_us()});
    if (!end.ok()) return end.status();
    selection.end = std::min(selection.end, *end);
  }
  return selection;
}

// What two pages of one listing have in common.
TokenScope ScopeOf(v1::ListEntriesRequest request) {
  request.clear_page_size();
  request.clear_page_token();
  return {"entries", request.SerializeAsString()};
}

absl::StatusOr<EntryIndex> FindIndex(const ReadView& view, const v1::GetEntryRequest& request) {
  switch (request.name_case()) {
    case v1::GetEntryRequest::kIndex:
      return EntryIndex(request.index());
    case v1::GetEntryRequest::kAuthorSequence: {
      const auto author = MemberCode::From(request.author_sequence().author());
      if (!author) {
        return absl::InvalidArgumentError("author is not the code of a state: 3 to 8 letters A-Z");
      }
      return view.IndexOf(*author, Sequence(request.author_sequence().sequence()));
    }
    case v1::GetEntryRequest::NAME_NOT_SET:
      break;
  }
  return absl::InvalidArgumentError("the request names no entry: give index or author_sequence");
}

}  // namespace

absl::StatusOr<v1::LedgerEntry> GetEntry(const ReadView& view, const Reader& reader,
                                         const v1::GetEntryRequest& request) {
  const absl::StatusOr<EntryIndex> index = FindIndex(view, request);
  if (!index.ok()) return index.status();
  const absl::StatusOr<EntryPtr> entry = view.EntryAt(*index);
  if (!entry.ok()) return entry.status();
  const absl::StatusOr<BlockHeader> block = BlockFinder(&view).Holding(*index);
  if (!block.ok()) return block.status();
  return Describe(view, **entry, *index, *block, view.tip().header.tree_size, reader,
                  Visible(**entry, reader));
}

absl::StatusOr<v1::ListEntriesResponse> ListEntries(const ReadView& view, const Reader& reader,
                                                    const v1::ListEntriesRequest& request) {
  const auto page_size = PageSize(request.page_size(), kEntriesPageDefault, kEntriesPageMax);
  if (!page_size.ok()) return page_size.status();
  const TokenScope scope = ScopeOf(request);
  const Height newest = view.tip().header.height;
  Height as_of = request.has_as_of() ? Height(request.as_of()) : newest;
  std::uint64_t cursor = 0;
  if (!request.page_token().empty()) {
    const auto token = ParsePageToken(request.page_token(), scope);
    if (!token.ok()) return token.status();
    const auto number = NumberCursor(*token);
    if (!number.ok()) return number.status();
    as_of = token->as_of;
    cursor = *number;
  }
  if (as_of > newest) {
    return absl::OutOfRangeError(absl::StrCat("height ", as_of.value(),
                                              " is not final at this node yet: its newest is ",
                                              newest.value()));
  }
  absl::StatusOr<Selection> selection = Select(view, request, as_of);
  if (!selection.ok()) return selection.status();
  selection->first = std::max(selection->first, cursor);
  absl::StatusOr<Page> page = ReadPage(view, reader, *selection, *page_size, kPageBytesMax);
  if (!page.ok()) return page.status();

  v1::ListEntriesResponse response;
  for (v1::LedgerEntry& entry : page->entries) *response.add_entries() = std::move(entry);
  if (page->next) {
    response.set_next_page_token(EncodePageToken(as_of, page->next->value(), scope));
  }
  response.set_as_of(as_of.value());
  return response;
}

absl::StatusOr<WatchFilter> ParseWatch(const v1::WatchEntriesRequest& request) {
  auto author = ParseAuthor(request.author());
  if (!author.ok()) return author.status();
  if (const absl::Status status = CheckType(request.type()); !status.ok()) return status;
  return WatchFilter{*std::move(author), request.type()};
}

absl::StatusOr<WatchBatch> NextForWatch(const ReadView& view, const Reader& reader,
                                        const WatchFilter& filter, EntryIndex from) {
  const std::uint64_t tree_size = view.tip().header.tree_size;
  if (from.value() >= tree_size) return WatchBatch{{}, from};
  const Selection selection{filter.author, filter.type, from.value(), tree_size, tree_size};
  absl::StatusOr<Page> page = ReadPage(
      view, reader, selection, static_cast<std::size_t>(kEntriesPageMax), kWatchPageBytesMax);
  if (!page.ok()) return page.status();
  return WatchBatch{std::move(page->entries), page->next.value_or(EntryIndex(tree_size))};
}

}  // namespace assent::query
