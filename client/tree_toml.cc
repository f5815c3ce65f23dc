// Reading TOML into a tree, and writing it.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/toml.h"
#include "client/tree.h"
#include "ledger/utf8.h"

namespace assent::client {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view name) : name_(name) {}

  absl::StatusOr<Tree> Read(const toml::node& node, std::size_t depth) const {
    const int line = static_cast<int>(node.source().begin.line);
    if (depth > kTreeDepthMax) {
      return Fault(line, absl::StrCat("more than ", kTreeDepthMax, " levels deep"));
    }
    if (const auto* table = node.as_table()) return ReadTable(*table, line, depth);
    if (const auto* array = node.as_array()) return ReadArray(*array, line, depth);
    if (const auto* text = node.as_string()) return Tree{text->get(), line};
    if (const auto* number = node.as_integer()) return Tree{number->get(), line};
    if (const auto* number = node.as_floating_point()) return Tree{number->get(), line};
    if (const auto* flag = node.as_boolean()) return Tree{flag->get(), line};
    if (const auto* time = node.as_date_time()) return ReadTime(time->get(), line);
    return Fault(line, "a date or a time alone says no instant; write 2026-03-31T23:59:59Z");
  }

 private:
  absl::Status Fault(int line, std::string_view what) const {
    return absl::InvalidArgumentError(
        absl::StrCat(AbslView(name_), ":", line, ": ", AbslView(what)));
  }

  absl::StatusOr<Tree> ReadTable(const toml::table& table, int line, std::size_t depth) const {
    Tree result{Tree::Map(), line};
    for (const auto& [key, member] : table) {
      auto tree = Read(member, depth + 1);
      if (!tree.ok()) return tree.status();
      result.Add(std::string(key.str()), *std::move(tree));
    }
    // The library sorts by key; what was written first comes first again.
    auto& members = std::get<Tree::Map>(result.value);
    std::stable_sort(members.begin(), members.end(),
                     [](const auto& a, const auto& b) { return a.value.line < b.value.line; });
    return result;
  }

  absl::StatusOr<Tree> ReadArray(const toml::array& array, int line, std::size_t depth) const {
    Tree::List list;
    for (const auto& item : array) {
      auto tree = Read(item, depth + 1);
      if (!tree.ok()) return tree.status();
      list.push_back(*std::move(tree));
    }
    return Tree{std::move(list), line};
  }

  absl::StatusOr<Tree> ReadTime(const toml::date_time& time, int line) const {
    if (!time.offset) {
      return Fault(line, "the time has no offset: put Z behind it when it is in UTC");
    }
    if (time.time.nanosecond % 1'000 != 0) {
      return Fault(line, "the time is finer than microseconds");
    }
    const Time midnight = FromCivil({time.date.year, time.date.month, time.date.day});
    const std::int64_t seconds =
        (time.time.hour * 60 + time.time.minute - time.offset->minutes) * 60LL + time.time.second;
    return Tree{midnight + Seconds(seconds) + Microseconds(time.time.nanosecond / 1'000), line};
  }

  std::string_view name_;
};

// A string as TOML. What is not seen in print is written as its code point; text of several lines
// stays text of several lines, as somebody who is to sign it must be able to read it.
std::string Quoted(std::string_view text) {
  const bool multiline = text.find('\n') != std::string_view::npos;
  const std::string_view quotes = multiline ? "\"\"\"" : "\"";
  std::string out = std::string(quotes) + (multiline ? "\n" : "");
  while (!text.empty()) {
    const std::string_view before = text;
    const auto point = TakeCodePoint(text);
    if (!point) {
      out += "\\uFFFD";  // not UTF-8
      text.remove_prefix(1);
    } else if (*point == U'"' || *point == U'\\') {
      out += {'\\', static_cast<char>(*point)};
    } else if (*point == U'\t') {
      out += "\\t";
    } else if ((IsControl(*point) || IsInvisible(*point)) && *point != U'\n') {
      out += absl::StrFormat("\\U%08X", static_cast<std::uint32_t>(*point));
    } else {
      out += before.substr(0, before.size() - text.size());
    }
  }
  return out + std::string(quotes);
}

std::string RealText(double number) {
  std::string text = absl::StrFormat("%.6f", number);
  text.erase(text.find_last_not_of('0') + 1);
  return text.back() == '.' ? text + "0" : text;
}

// A value that fits on the line of its key.
std::string Inline(const Tree& tree) {
  if (const auto* flag = tree.As<bool>()) return *flag ? "true" : "false";
  if (const auto* number = tree.As<std::int64_t>()) return absl::StrCat(*number);
  if (const auto* number = tree.As<double>()) return RealText(*number);
  if (const auto* text = tree.As<std::string>()) return Quoted(*text);
  if (const auto* time = tree.As<Time>()) return FormatTime(*time);
  std::string out;
  if (const auto* list = tree.As<Tree::List>()) {
    for (const Tree& item : *list) absl::StrAppend(&out, out.empty() ? "" : ", ", Inline(item));
    return "[" + out + "]";
  }
  if (const auto* map = tree.As<Tree::Map>()) {
    for (const auto& [key, member] : *map) {
      absl::StrAppend(&out, out.empty() ? "" : ", ", key, " = ", Inline(member));
    }
    return "{ " + out + " }";
  }
  return "\"\"";
}

bool IsTableList(const Tree& tree) {
  const auto* list = tree.As<Tree::List>();
  return list != nullptr && !list->empty() &&
         std::all_of(list->begin(), list->end(),
                     [](const Tree& item) { return item.As<Tree::Map>() != nullptr; });
}

bool IsPlain(const Tree& tree) { return tree.As<Tree::Map>() == nullptr && !IsTableList(tree); }

// A table's members. TOML wants its plain values before the tables inside it.
void Write(const Tree& map, const std::string& path, std::string& out) {
  const auto& members = std::get<Tree::Map>(map.value);
  for (const auto& [key, member] : members) {
    if (IsPlain(member)) absl::StrAppend(&out, key, " = ", Inline(member), "\n");
  }
  for (const auto& [key, member] : members) {
    const std::string inner = path.empty() ? key : path + "." + key;
    if (const auto* table = member.As<Tree::Map>()) {
      // The heading of a table that has only tables follows from theirs.
      const bool needs_heading =
          table->empty() ||
          std::any_of(table->begin(), table->end(), [](const auto& m) { return IsPlain(m.value); });
      if (needs_heading) absl::StrAppend(&out, "\n[", inner, "]\n");
      Write(member, inner, out);
    } else if (IsTableList(member)) {
      for (const Tree& item : *member.As<Tree::List>()) {
        absl::StrAppend(&out, "\n[[", inner, "]]\n");
        Write(item, inner, out);
      }
    }
  }
}

}  // namespace

absl::StatusOr<Tree> ParseToml(std::string_view text, std::string_view name) {
  const auto parsed = toml::parse(text, name);
  if (!parsed) {
    return absl::InvalidArgumentError(absl::StrCat(AbslView(name), ":",
                                                   parsed.error().source().begin.line, ": ",
                                                   AbslView(parsed.error().description())));
  }
  return Reader(name).Read(parsed.table(), 0);
}

std::string ToToml(const Tree& map) {
  std::string out;
  Write(map, "", out);
  return out;
}

}  // namespace assent::client
