// HTML as it is written: markup comes from string literals of this program, everything else is
// text and is escaped.
#ifndef ASSENT_NODE_PAGE_HTML_H_
#define ASSENT_NODE_PAGE_HTML_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace assent::page {

// For an element's content and for an attribute's value in double quotes.
std::string Escape(std::string_view text);

// A string literal.
class Markup {
 public:
  consteval Markup(const char* literal) : text_(literal) {}  // NOLINT: meant to convert
  std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

class Html {
 public:
  Html& Raw(Markup markup);
  Html& Text(std::string_view text);
  Html& Number(std::uint64_t number);
  // "2026-03-31 23:59:59 UTC" with what a program reads beside it.
  Html& Time(std::int64_t us);
  // A link to an entry's page.
  Html& Entry(std::uint64_t index);
  Html& Add(const Html& part);
  // A cell of a table.
  Html& Cell(std::string_view text);
  Html& Cell(std::uint64_t number);
  // A cell with a bar: so much of the most, of what `name` says.
  Html& Meter(std::uint64_t value, std::uint64_t most, std::string_view name);

  const std::string& str() const { return out_; }

 private:
  std::string out_;
};

// "2026-03-31 23:59:59 UTC", without parts of a second.
std::string TimeText(std::int64_t us);
// "3 days", "45 s": the largest unit of which there are two at least.
std::string SpanText(std::int64_t us);
// Of a value of an enum: "BALLISTIC_MISSILE" is "ballistic missile".
std::string Words(std::string_view name);

}  // namespace assent::page

#endif  // ASSENT_NODE_PAGE_HTML_H_
