#include "node/page/html.h"

#include "gtest/gtest.h"

namespace assent::page {
namespace {

TEST(EscapeTest, LeavesNothingThatIsMarkup) {
  EXPECT_EQ(Escape(""), "");
  EXPECT_EQ(Escape("State of Fran\u00E7e"), "State of Fran\u00E7e");
  EXPECT_EQ(Escape("<a href=\"x\" title='y'>&amp;</a>"),
            "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;");
  for (int c = 0; c < 256; ++c) {
    const std::string escaped = Escape(std::string(1, static_cast<char>(c)));
    EXPECT_EQ(escaped.find_first_of("<>\"'"), std::string::npos) << c;
  }
}

TEST(HtmlTest, EscapesAllButMarkup) {
  Html part;
  part.Raw("<b>").Text("<b>").Raw("</b>");
  Html html;
  html.Raw("<td>").Add(part).Number(7).Raw("</td>").Cell("a & b").Cell(8).Entry(9);
  EXPECT_EQ(html.str(),
            "<td><b>&lt;b&gt;</b>7</td><td>a &amp; b</td><td class=\"number\">8</td>"
            "<a href=\"/entries/9\">9</a>");
}

TEST(HtmlTest, SaysThatTimesAreUtc) {
  Html html;
  html.Time(1'774'999'999'500'000);
  EXPECT_EQ(html.str(), "<time datetime=\"2026-03-31T23:33:19.5Z\">2026-03-31 23:33:19 UTC</time>");
}

TEST(TimeTextTest, RoundsDown) {
  EXPECT_EQ(TimeText(0), "1970-01-01 00:00:00 UTC");
  EXPECT_EQ(TimeText(999'999), "1970-01-01 00:00:00 UTC");
  EXPECT_EQ(TimeText(-1), "1969-12-31 23:59:59 UTC");
}

TEST(SpanTextTest, TakesTheLargestUnitThatSaysEnough) {
  EXPECT_EQ(SpanText(0), "0 s");
  EXPECT_EQ(SpanText(119'999'999), "119 s");
  EXPECT_EQ(SpanText(120'000'000), "2 min");
  EXPECT_EQ(SpanText(2 * 3'600'000'000LL), "2 hours");
  EXPECT_EQ(SpanText(400 * 86'400'000'000LL), "400 days");
}

}  // namespace
}  // namespace assent::page
