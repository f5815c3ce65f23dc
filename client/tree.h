// Records, configuration and answers as people and programs write them: one tree for TOML and JSON,
// which remembers the line of each value so that a mistake can be pointed at.
#ifndef ASSENT_CLIENT_TREE_H_
#define ASSENT_CLIENT_TREE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "ledger/types.h"

namespace assent::client {

inline constexpr std::size_t kTreeDepthMax = 32;

// One value. `line` is where it stands in its file, from 1; 0 when it comes from no file.
struct Tree {
  using List = std::vector<Tree>;
  struct Member;
  using Map = std::vector<Member>;  // in the order of the file, keys distinct

  std::variant<std::monostate, bool, std::int64_t, double, std::string, Time, List, Map> value;
  int line = 0;

  // The alternative, or null.
  template <class T>
  const T* As() const {
    return std::get_if<T>(&value);
  }
  // The member of a map with this key, or null.
  const Tree* Find(std::string_view key) const;
  // Adds a member; this must be a map.
  void Add(std::string key, Tree member);

  static Tree OfMap();
  static Tree OfList();
  static Tree Of(std::string text);
  static Tree Of(std::string_view text);
  static Tree Of(const char* text);
  static Tree Of(Time time);
  static Tree Of(bool flag);
  static Tree Of(double number);
  // Numbers of a ledger never reach 2^63.
  static Tree Of(std::uint64_t number);
};

struct Tree::Member {
  std::string key;
  Tree value;
};

inline Tree Tree::OfMap() { return {Map(), 0}; }
inline Tree Tree::OfList() { return {List(), 0}; }
inline Tree Tree::Of(std::string text) { return {std::move(text), 0}; }
inline Tree Tree::Of(std::string_view text) { return {std::string(text), 0}; }
inline Tree Tree::Of(const char* text) { return {std::string(text), 0}; }
inline Tree Tree::Of(Time time) { return {time, 0}; }
inline Tree Tree::Of(bool flag) { return {flag, 0}; }
inline Tree Tree::Of(double number) { return {number, 0}; }
inline Tree Tree::Of(std::uint64_t number) { return {static_cast<std::int64_t>(number), 0}; }

// What a value is, for messages: "a string", "a whole number", ...
std::string_view KindName(const Tree& tree);

// Parses a file. InvalidArgument: "NAME:LINE: what is wrong". Times with an offset become instants;
// local times are refused, since nobody could say when they are.
absl::StatusOr<Tree> ParseToml(std::string_view text, std::string_view name);
// The same for JSON: a key that stands twice in a map is refused.
absl::StatusOr<Tree> ParseJson(std::string_view text, std::string_view name);
// JSON when the first character that is not white space is a brace, else TOML.
absl::StatusOr<Tree> ParseTree(std::string_view text, std::string_view name);

// A map as TOML, which ParseToml reads back. Instants are offset date-times.
std::string ToToml(const Tree& map);
// Indented JSON; instants are RFC 3339 strings.
std::string ToJson(const Tree& tree);
// The same on one line.
std::string ToJsonLine(const Tree& tree);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_TREE_H_
