#include "node/page/html.h"

#include <array>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "ledger/types.h"

namespace assent::page {

std::string Escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

Html& Html::Raw(Markup markup) {
  out_ += markup.text();
  return *this;
}

Html& Html::Text(std::string_view text) {
  out_ += Escape(text);
  return *this;
}

Html& Html::Number(std::uint64_t number) {
  absl::StrAppend(&out_, number);
  return *this;
}

Html& Html::Time(std::int64_t us) {
  return Raw("<time datetime=\"")
      .Text(FormatTime(assent::Time{us}))
      .Raw("\">")
      .Text(TimeText(us))
      .Raw("</time>");
}

Html& Html::Entry(std::uint64_t index) {
  return Raw("<a href=\"/entries/").Number(index).Raw("\">").Number(index).Raw("</a>");
}

Html& Html::Add(const Html& part) {
  out_ += part.out_;
  return *this;
}

Html& Html::Cell(std::string_view text) { return Raw("<td>").Text(text).Raw("</td>"); }

Html& Html::Cell(std::uint64_t number) {
  return Raw("<td class=\"number\">").Number(number).Raw("</td>");
}

Html& Html::Meter(std::uint64_t value, std::uint64_t most, std::string_view name) {
  Raw("<td class=\"wide\"><meter min=\"0\" max=\"").Number(most).Raw("\" value=\"").Number(value);
  Raw("\" aria-label=\"").Text(name).Raw("\">").Number(value);
  return Raw("</meter></td>");
}

std::string TimeText(std::int64_t us) {
  std::string text = FormatTime(Time{us - (us % 1'000'000 + 1'000'000) % 1'000'000});
  if (!text.ends_with('Z')) return text;  // no year of four digits
  text.pop_back();
  text[text.find('T')] = ' ';
  return text + " UTC";
}

std::string SpanText(std::int64_t us) {
  constexpr std::array<std::pair<std::int64_t, const char*>, 3> kUnits = {{
      {Days(1).us, " days"},
      {Hours(1).us, " hours"},
      {Seconds(60).us, " min"},
  }};
  for (const auto& [unit, name] : kUnits) {
    if (us >= 2 * unit) return absl::StrCat(us / unit, name);
  }
  return absl::StrCat(us / Seconds(1).us, " s");
}

std::string Words(std::string_view name) {
  std::string words = absl::AsciiStrToLower(AbslView(name));
  for (char& c : words) {
    if (c == '_') c = ' ';
  }
  return words;
}

}  // namespace assent::page
