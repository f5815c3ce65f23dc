// Reading JSON into a tree, with lines.
#include <cstddef>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/tree.h"

namespace assent::client {
namespace {

// Walks over text and counts the lines it has passed; copies share the count, since the parser
// keeps a copy of its own.
class LineCountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  LineCountingIterator(const char* at, int* line) : at_(at), line_(line) {}
  reference operator*() const { return *at_; }
  LineCountingIterator& operator++() {
    if (*at_ == '\n') ++*line_;
    ++at_;
    return *this;
  }
  LineCountingIterator operator++(int) {
    LineCountingIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const LineCountingIterator& other) const { return at_ == other.at_; }

 private:
  const char* at_;
  int* line_;
};

// Builds the tree from the parser's events. Open maps and lists are a stack; `keys` has the key
// under which the next value of each open map goes.
class Builder : public nlohmann::json_sax<nlohmann::json> {
 public:
  Builder(std::string_view name, const int* line) : name_(name), line_(line) {}

  bool null() override { return Put(std::monostate()); }
  bool boolean(bool value) override { return Put(value); }
  bool number_integer(number_integer_t value) override {
    return Put(static_cast<std::int64_t>(value));
  }
  bool number_unsigned(number_unsigned_t value) override {
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      return Fail(absl::StrCat(value, " is too large"));
    }
    return Put(static_cast<std::int64_t>(value));
  }
  bool number_float(number_float_t value, const string_t&) override { return Put(value); }
  bool string(string_t& value) override { return Put(std::move(value)); }
  bool binary(binary_t&) override { return Fail("binary value"); }
  bool start_object(std::size_t) override { return Open(Tree::Map()); }
  bool start_array(std::size_t) override { return Open(Tree::List()); }
  bool end_object() override { return Close(); }
  bool end_array() override { return Close(); }

  bool key(string_t& key) override {
    if (open_.back().tree.Find(key) != nullptr) return Fail(absl::StrCat(key, " stands twice"));
    open_.back().key = std::move(key);
    return true;
  }

  bool parse_error(std::size_t, const std::string&,
                   const nlohmann::detail::exception& error) override {
    std::string what = error.what();
    // The library's own prefix ("[json.exception...] parse error at line 1, column 2: ") is of no
    // use.
    if (const auto colon = what.find(": "); colon != std::string::npos) what.erase(0, colon + 2);
    return Fail(what);
  }

  Tree TakeResult() { return std::move(result_); }
  const std::string& fault() const { return fault_; }

 private:
  struct Container {
    Tree tree;
    std::string key;
  };

  bool Fail(std::string_view what) {
    fault_ = absl::StrCat(AbslView(name_), ":", *line_, ": ", AbslView(what));
    return false;
  }

  template <class T>
  bool Put(T value) {
    return Place(Tree{std::move(value), *line_});
  }

  bool Place(Tree tree) {
    if (open_.empty()) {
      result_ = std::move(tree);
      return true;
    }
    Container& container = open_.back();
    if (auto* list = std::get_if<Tree::List>(&container.tree.value)) {
      list->push_back(std::move(tree));
    } else {
      container.tree.Add(std::move(container.key), std::move(tree));
    }
    return true;
  }

  template <class T>
  bool Open(T container) {
    if (open_.size() >= kTreeDepthMax) {
      return Fail(absl::StrCat("more than ", kTreeDepthMax, " levels deep"));
    }
    open_.push_back({Tree{std::move(container), *line_}, ""});
    return true;
  }

  bool Close() {
    Tree done = std::move(open_.back().tree);
    open_.pop_back();
    return Place(std::move(done));
  }

  std::string_view name_;
  const int* line_;
  std::vector<Container> open_;
  Tree result_;
  std::string fault_;
};

}  // namespace

absl::StatusOr<Tree> ParseJson(std::string_view text, std::string_view name) {
  int line = 1;
  Builder builder(name, &line);
  const bool good =
      nlohmann::json::sax_parse(LineCountingIterator(text.data(), &line),
                                LineCountingIterator(text.data() + text.size(), &line), &builder);
  if (!good) return absl::InvalidArgumentError(builder.fault());
  return builder.TakeResult();
}

}  // namespace assent::client
