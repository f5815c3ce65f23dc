#include "client/tree.h"

#include <nlohmann/json.hpp>

namespace assent::client {
namespace {

nlohmann::ordered_json Encode(const Tree& tree) {
  if (const auto* flag = tree.As<bool>()) return *flag;
  if (const auto* number = tree.As<std::int64_t>()) return *number;
  if (const auto* number = tree.As<double>()) return *number;
  if (const auto* text = tree.As<std::string>()) return *text;
  if (const auto* time = tree.As<Time>()) return FormatTime(*time);
  if (const auto* list = tree.As<Tree::List>()) {
    auto array = nlohmann::ordered_json::array();
    for (const Tree& item : *list) array.push_back(Encode(item));
    return array;
  }
  if (const auto* map = tree.As<Tree::Map>()) {
    auto object = nlohmann::ordered_json::object();
    for (const auto& [key, member] : *map) object[key] = Encode(member);
    return object;
  }
  return nullptr;
}

std::string Dump(const Tree& tree, int indent) {
  // What is not UTF-8 is replaced: answers of a server are printed even when they are odd.
  return Encode(tree).dump(indent, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

const Tree* Tree::Find(std::string_view key) const {
  if (const auto* map = As<Map>()) {
    for (const auto& [name, member] : *map) {
      if (name == key) return &member;
    }
  }
  return nullptr;
}

void Tree::Add(std::string key, Tree member) {
  std::get<Map>(value).push_back({std::move(key), std::move(member)});
}

std::string_view KindName(const Tree& tree) {
  static constexpr std::string_view kNames[] = {"nothing",  "true or false", "a whole number",
                                                "a number", "a string",      "a time",
                                                "a list",   "a table"};
  return kNames[tree.value.index()];
}

absl::StatusOr<Tree> ParseTree(std::string_view text, std::string_view name) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && text[first] == '{') return ParseJson(text, name);
  return ParseToml(text, name);
}

std::string ToJson(const Tree& tree) { return Dump(tree, 2) + "\n"; }
std::string ToJsonLine(const Tree& tree) { return Dump(tree, -1) + "\n"; }

}  // namespace assent::client
