#include "client/comparison.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "client/entry_files.h"
#include "ledger/entry/proto.h"

namespace assent::client {
namespace {

constexpr const char* kNone = "none";

struct FetchedBlock {
  NamedHeader header;
  v1::FinalBlock message;
};

absl::StatusOr<std::vector<FetchedBlock>> FetchAt(std::size_t nodes, Height height,
                                                  const LedgerId& ledger, const BlockAt& block_at) {
  std::vector<FetchedBlock> blocks;
  for (std::size_t node = 0; node < nodes; ++node) {
    auto message = block_at(node, height);
    if (!message.ok()) return message.status();
    auto header = ReadHeader(message->header(), ledger);
    if (!header.ok()) return header.status();
    if (header->header.height != height) {
      return absl::InvalidArgumentError(absl::StrCat("asked for block ", height.value(),
                                                     " a node gave block ",
                                                     header->header.height.value()));
    }
    blocks.push_back({*std::move(header), *std::move(message)});
  }
  return blocks;
}

bool Alike(const std::vector<FetchedBlock>& blocks) {
  return std::all_of(blocks.begin(), blocks.end(), [&](const FetchedBlock& block) {
    return block.header.hash == blocks.front().header.hash;
  });
}

bool AllSame(const std::vector<std::string>& values) {
  return std::all_of(values.begin(), values.end(),
                     [&](const std::string& value) { return value == values.front(); });
}

std::string KindName(BlockKind kind) {
  switch (kind) {
    case BlockKind::kNormal:
      return "NORMAL";
    case BlockKind::kClosing:
      return "CLOSING";
    case BlockKind::kTail:
      return "TAIL";
  }
  return "";
}

// Every field but the ledger and the height, which are the same.
std::vector<std::pair<std::string, std::string>> FieldsOf(const BlockHeader& header) {
  return {{"kind", KindName(header.kind)},
          {"epoch", absl::StrCat(header.epoch.value())},
          {"view", absl::StrCat(header.view.value())},
          {"parent", header.parent.hex()},
          {"time", FormatTime(header.time)},
          {"first index", absl::StrCat(header.first_index.value())},
          {"tree size", absl::StrCat(header.tree_size)},
          {"tree root", header.tree_root.hex()},
          {"state digest", header.state_digest.hex()},
          {"author heads root", header.author_heads_root.hex()},
          {"voters hash", header.voters_hash.hex()},
          {"members hash", header.members_hash.hex()}};
}

void CompareFields(const std::vector<FetchedBlock>& blocks, BlockDifference& difference) {
  std::vector<std::vector<std::pair<std::string, std::string>>> all;
  all.reserve(blocks.size());
  for (const FetchedBlock& block : blocks) all.push_back(FieldsOf(block.header.header));
  for (std::size_t field = 0; field < all.front().size(); ++field) {
    std::vector<std::string> values;
    values.reserve(all.size());
    for (const auto& fields : all) values.push_back(fields[field].second);
    if (!AllSame(values)) {
      difference.fields.emplace_back(all.front()[field].first, std::move(values));
    }
  }
}

// By leaf hash, which header and signature make.
absl::Status CompareEntries(const std::vector<FetchedBlock>& blocks, BlockDifference& difference) {
  int most = 0;
  for (const FetchedBlock& block : blocks) most = std::max(most, block.message.entries_size());
  for (int i = 0; i < most; ++i) {
    std::vector<std::string> leaves;
    std::vector<std::string> names;
    for (const FetchedBlock& block : blocks) {
      if (i >= block.message.entries_size()) {
        leaves.emplace_back();
        names.emplace_back(kNone);
        continue;
      }
      const auto entry = FromProto(block.message.entries(i));
      if (!entry.ok()) return entry.status();
      leaves.push_back(entry->leaf_hash().hex());
      names.push_back(EntryName(entry->header()));
    }
    if (AllSame(leaves)) continue;
    const EntryIndex index(blocks.front().header.header.first_index.value() +
                           static_cast<std::uint64_t>(i));
    difference.entry.emplace(index, std::move(names));
    break;
  }
  return absl::OkStatus();
}

// Walks the keys of one node in order.
class StateCursor {
 public:
  StateCursor(std::size_t node, const StatePageAt& page_at, bool* moved)
      : node_(node), page_at_(page_at), moved_(moved) {}

  absl::Status Begin() { return Fetch(""); }
  bool AtEnd() const { return position_ == page_.keys_size(); }
  const v1::StateKey& key() const { return page_.keys(position_); }
  absl::Status Next() {
    ++position_;
    if (!AtEnd() || page_.next_key().empty()) return absl::OkStatus();
    return Fetch(page_.next_key());
  }
  Height height() const { return Height(page_.height()); }

 private:
  absl::Status Fetch(const std::string& from) {
    auto page = page_at_(node_, from);
    if (!page.ok()) return page.status();
    if (!from.empty() && page->block_hash() != page_.block_hash()) {
      *moved_ = true;
      return absl::UnavailableError("the ledger went on meanwhile: try again when it is quiet");
    }
    // Whatever the node says, this comes to an end.
    std::string before = from;
    for (const v1::StateKey& key : page->keys()) {
      if (key.key() < before || (key.key() == before && before != from)) {
        return absl::InvalidArgumentError("a node gave keys of the state that are not in order");
      }
      before = key.key();
    }
    if (!page->next_key().empty() && (page->keys().empty() || page->next_key() <= before)) {
      return absl::InvalidArgumentError("a node gave keys of the state that are not in order");
    }
    page_ = *std::move(page);
    position_ = 0;
    return absl::OkStatus();
  }

  std::size_t node_;
  const StatePageAt& page_at_;
  bool* moved_;
  v1::ListStateKeysResponse page_;
  int position_ = 0;
};

// The least key at which a cursor stands; nothing when all are at their end.
std::optional<std::string> LeastKey(const std::vector<StateCursor>& cursors) {
  std::optional<std::string> least;
  for (const StateCursor& cursor : cursors) {
    if (!cursor.AtEnd() && (!least || cursor.key().key() < *least)) least = cursor.key().key();
  }
  return least;
}

}  // namespace

absl::StatusOr<std::optional<BlockDifference>> FindBlockDifference(std::size_t nodes, Height common,
                                                                   const LedgerId& ledger,
                                                                   const BlockAt& block_at) {
  if (common.value() == 0) return std::nullopt;
  auto blocks = FetchAt(nodes, common, ledger, block_at);
  if (!blocks.ok()) return blocks.status();
  if (Alike(*blocks)) return std::nullopt;
  // The first that differs is in (alike, differs]; height 0 is what the act says.
  std::uint64_t alike = 0;
  std::uint64_t differs = common.value();
  while (differs - alike > 1) {
    const std::uint64_t middle = alike + (differs - alike) / 2;
    auto at_middle = FetchAt(nodes, Height(middle), ledger, block_at);
    if (!at_middle.ok()) return at_middle.status();
    if (Alike(*at_middle)) {
      alike = middle;
    } else {
      differs = middle;
      blocks = std::move(at_middle);
    }
  }
  BlockDifference difference;
  difference.height = Height(differs);
  for (const FetchedBlock& block : *blocks) difference.headers.push_back(block.header);
  CompareFields(*blocks, difference);
  if (auto status = CompareEntries(*blocks, difference); !status.ok()) return status;
  return difference;
}

absl::StatusOr<StateComparison> CompareStates(std::size_t nodes, const StatePageAt& page_at,
                                              bool* moved) {
  *moved = false;
  std::vector<StateCursor> cursors;
  for (std::size_t node = 0; node < nodes; ++node) {
    cursors.emplace_back(node, page_at, moved);
    if (auto status = cursors.back().Begin(); !status.ok()) return status;
    if (cursors.back().height() != cursors.front().height()) {
      *moved = true;
      return absl::UnavailableError("the nodes are not at one height: try again when they are");
    }
  }
  StateComparison comparison;
  comparison.height = cursors.front().height();
  while (const auto key = LeastKey(cursors)) {
    std::vector<std::string> values;
    for (StateCursor& cursor : cursors) {
      const bool has = !cursor.AtEnd() && cursor.key().key() == *key;
      values.push_back(has ? ToHex(cursor.key().value_hash()) : kNone);
    }
    if (!AllSame(values)) {
      comparison.first = KeyDifference{*key, std::move(values)};
      break;
    }
    ++comparison.keys;
    for (StateCursor& cursor : cursors) {
      if (auto status = cursor.Next(); !status.ok()) return status;
    }
  }
  return comparison;
}

}  // namespace assent::client
