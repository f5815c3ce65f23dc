#include "node/page/layout.h"

#include <array>
#include <utility>

#include "node/page/assets.h"
#include "node/page/sign_in.h"

namespace assent::page {
namespace {

struct Item {
  std::string_view path;
  std::string_view name;
};
constexpr std::array<Item, 9> kMenu = {{
    {"/", "Overview"},
    {"/members", "Members"},
    {"/notifications", "Notifications"},
    {"/compliance", "Compliance"},
    {"/clarifications", "Clarifications"},
    {"/pledges", "Pledges"},
    {"/revisions", "Revisions"},
    {"/nodes", "Nodes"},
    {"/entries", "Entries"},
}};

// With its version, so that a browser may keep it.
void AddAsset(std::string_view name, Html& html) {
  html.Raw("/assets/").Text(name);
  for (const Asset& asset : Assets()) {
    if (asset.name == name) html.Raw("?").Text(asset.version);
  }
}

void AddMenu(std::string_view path, Html& html) {
  html.Raw("<nav aria-label=\"Views\"><ul>");
  for (const Item& item : kMenu) {
    html.Raw("<li><a href=\"").Text(item.path).Raw("\"");
    if (item.path == path) html.Raw(" aria-current=\"page\"");
    html.Raw(">").Text(item.name).Raw("</a></li>");
  }
  html.Raw("</ul></nav>");
}

// To whom it is shown, and how that is changed.
void AddReader(const Frame& frame, Html& html) {
  if (frame.reader.empty()) {
    html.Raw("<p class=\"reader\">Shown: what is PUBLIC. <a href=\"")
        .Text(kSignInPath)
        .Raw("\">Sign in</a></p>");
    return;
  }
  html.Raw("<form method=\"post\" action=\"").Text(kSignOutPath);
  html.Raw("\" class=\"reader\">Shown as to ").Text(frame.reader).Raw(", until ");
  html.Time(frame.until_us).Raw(". <button>Sign out</button></form>");
}

}  // namespace

std::string Document(const Frame& frame, const Html& main) {
  Html html;
  html.Raw(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
      "<meta name=\"color-scheme\" content=\"light dark\"><title>");
  html.Text(frame.title).Raw(" \u00B7 ").Text(frame.origin).Raw("</title>");
  html.Raw("<link rel=\"icon\" type=\"image/svg+xml\" href=\"");
  AddAsset("icon.svg", html);
  html.Raw("\"><link rel=\"stylesheet\" href=\"");
  AddAsset("page.css", html);
  html.Raw("\">");
  for (const std::string_view script : {"live.js", "chart.js", "ed25519.js", "verify.js"}) {
    html.Raw("<script defer src=\"");
    AddAsset(script, html);
    html.Raw("\"></script>");
  }
  html.Raw("</head>\n<body data-reader=\"");
  html.Text(frame.reader);
  html.Raw(
      "\"><a class=\"skip\" href=\"#main\">Skip to the content</a><header><p "
      "class=\"name\"><a href=\"/\">");
  html.Text(frame.origin).Raw("</a>");
  if (!frame.code.empty()) {
    html.Raw(" <span class=\"quiet\">as the node of ").Text(frame.code).Raw(" has it</span>");
  }
  html.Raw("</p>");
  AddMenu(frame.path, html);
  AddReader(frame, html);
  html.Raw("</header>\n<main id=\"main\" tabindex=\"-1\" data-tree-size=\"")
      .Number(frame.tree_size);
  html.Raw("\"");
  if (frame.live) html.Raw(" data-live");
  html.Raw("><h1>").Text(frame.title).Raw("</h1>\n").Add(main).Raw("</main>\n<footer><p>");
  html.Raw("Block <span id=\"height\">")
      .Number(frame.height)
      .Raw("</span> of <span id=\"block-time\">");
  html.Time(frame.time_us).Raw("</span>. All times are UTC.</p><p>");
  html.Raw("Programs get the same as JSON by <code>Accept: application/json</code>.</p><p>");
  html.Raw("<span id=\"live\"></span></p></footer>");
  html.Raw("<p id=\"news\" class=\"apart\" role=\"status\"></p></body></html>\n");
  return html.str();
}

}  // namespace assent::page
