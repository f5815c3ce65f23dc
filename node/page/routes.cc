#include "node/page/routes.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ledger/act/founding_act.h"
#include "ledger/receipt/receipt_file.h"
#include "node/page/assets.h"
#include "node/page/fields.h"
#include "node/page/layout.h"
#include "node/page/sign_in.h"
#include "node/page/views.h"
#include "node/query/proofs.h"

namespace assent::page {
namespace {

constexpr std::string_view kHtml = "text/html; charset=utf-8";
constexpr std::string_view kJson = "application/json";
// What changes with the ledger is asked for anew each time.
constexpr std::string_view kFresh = "no-cache";
constexpr std::string_view kForGood = "public, max-age=31536000, immutable";
// What not everybody may see is kept nowhere.
constexpr std::string_view kNotKept = "no-store";

constexpr std::string_view kAssetsPrefix = "/assets/";

// What the frame of a page says of it.
struct Place {
  std::string_view menu;
  std::string title;
  bool live = false;
};

Response Text(int status, std::string_view type, std::string body, bool for_everybody) {
  Response response{status, std::string(type), std::move(body), {}};
  response.headers.emplace_back("Cache-Control", for_everybody ? kFresh : kNotKept);
  response.headers.emplace_back("Vary", "Accept, Authorization, Cookie");
  return response;
}

Response InFrame(const Backend& backend, const BlockHeader& tip, const Visitor& visitor, int status,
                 const Place& place, const Html& main) {
  const std::string reader = visitor.InWords();
  const Frame frame{.origin = backend.act.text.origin,
                    .code = backend.code.str(),
                    .path = place.menu,
                    .title = place.title,
                    .tree_size = tip.tree_size,
                    .height = tip.height.value(),
                    .time_us = tip.time.us,
                    .live = place.live,
                    .reader = reader,
                    .until_us = visitor.until.us};
  Response response = Text(status, kHtml, Document(frame, main), !visitor.key);
  if (visitor.key) {
    // Then it is asked for anew, as by anybody.
    const std::int64_t left_us = visitor.until.us - backend.clock->Wall().us;
    response.headers.emplace_back(
        "Refresh", absl::StrCat(std::max<std::int64_t>(left_us, 0) / Seconds(1).us + 1));
  }
  return response;
}

int StatusOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return 400;
    case absl::StatusCode::kUnauthenticated:
      return 401;
    case absl::StatusCode::kPermissionDenied:
      return 403;
    case absl::StatusCode::kNotFound:
      return 404;
    case absl::StatusCode::kUnavailable:
      return 503;
    default:
      return 500;
  }
}

Response Failure(const Asked& asked, const absl::Status& status) {
  return Failure(asked.backend, asked.request, status);
}

// A view, as the reader takes it.
template <class Page>
Response Show(const Asked& asked, const Place& place, const absl::StatusOr<Page>& page,
              Html (*show)(const Page&)) {
  if (!page.ok()) return Failure(asked, page.status());
  if (asked.request.json) return Text(200, kJson, Json(*page) + "\n", !asked.visitor.key);
  return InFrame(asked.backend, asked.view.tip().header, asked.visitor, 200, place, show(*page));
}

Response ShowReceipt(const Asked& asked, std::uint64_t index) {
  const auto receipt = query::MakeReceipt(asked.view, asked.reader, EntryIndex(index));
  if (!receipt.ok()) return Failure(asked, receipt.status());
  const bool for_everybody = !asked.visitor.key;
  if (asked.request.json) return Text(200, kJson, Json(*receipt) + "\n", for_everybody);
  Response response =
      Text(200, "application/octet-stream", FormatReceiptFile(*receipt), for_everybody);
  response.headers.emplace_back("Content-Disposition",
                                absl::StrCat("attachment; filename=\"entry-", index, ".receipt\""));
  return response;
}

Response ShowAsset(const Asked& asked, std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kTypes = {{
      {".css", "text/css; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".svg", "image/svg+xml"},
  }};
  for (const Asset& asset : Assets()) {
    if (asset.name != name) continue;
    for (const auto& [suffix, type] : kTypes) {
      if (!name.ends_with(suffix)) continue;
      Response response{200, std::string(type), std::string(asset.content), {}};
      // Who names the version may keep it.
      response.headers.emplace_back(
          "Cache-Control",
          asked.request.query.contains(std::string(asset.version)) ? kForGood : kFresh);
      return response;
    }
  }
  return Failure(asked, absl::NotFoundError("there is no such file"));
}

// "/entries/7", "/entries/7/receipt", "/revisions/2", "/rounds/41".
Response ShowOne(const Asked& asked, std::string_view path) {
  const auto rest = [&path](std::string_view prefix) {
    if (!path.starts_with(prefix)) return false;
    path.remove_prefix(prefix.size());
    return true;
  };
  if (rest(kAssetsPrefix)) return ShowAsset(asked, path);
  if (rest("/entries/")) {
    const bool receipt = path.ends_with("/receipt");
    if (receipt) path.remove_suffix(std::string_view("/receipt").size());
    const auto index = ParseNumber(std::string(path), "the entry");
    if (index.ok()) {
      if (receipt) return ShowReceipt(asked, *index);
      return Show(asked, {"/entries", absl::StrCat("Entry ", *index)}, ReadEntry(asked, *index),
                  ShowEntry);
    }
  } else if (rest("/revisions/")) {
    const auto number = ParseNumber(std::string(path), "the revision");
    if (number.ok()) {
      return Show(asked, {"/revisions", absl::StrCat("Revision ", *number)},
                  ReadRevision(asked, *number), ShowRevision);
    }
  } else if (rest("/rounds/")) {
    const auto round = ParseNumber(std::string(path), "the round");
    if (round.ok()) {
      return Show(asked, {"/revisions", absl::StrCat("Round ", *round), true},
                  ReadRound(asked, *round), ShowRevision);
    }
  }
  return Failure(asked, absl::NotFoundError("there is no such page"));
}

}  // namespace

bool WantsJson(const std::string& accept) {
  return absl::StrContains(accept, AbslView(kJson)) && !absl::StrContains(accept, "text/html");
}

Response Failure(const Backend& backend, const Request& request, int status,
                 const std::string& message) {
  if (request.json) {
    v1::PageError error;
    error.set_status(static_cast<std::uint32_t>(status));
    error.set_message(message);
    return Text(status, kJson, Json(error) + "\n", request.token.empty());
  }
  Html main;
  main.Raw("<p>").Text(message).Raw("</p><p><a href=\"/\">Overview</a></p>");
  return InFrame(backend, backend.store->Read()->tip().header, {}, status,
                 {"", absl::StrCat("Error ", status)}, main);
}

Response Failure(const Backend& backend, const Request& request, const absl::Status& why) {
  return Failure(backend, request, StatusOf(why), std::string(StdView(why.message())));
}

Response Denial(const Backend& backend, const Request& request, const absl::Status& why) {
  Response response = Failure(backend, request, why);
  if (response.status == 401) {
    response.headers.emplace_back("WWW-Authenticate",
                                  "Bearer realm=\"assent\", error=\"invalid_token\"");
  }
  if (request.from_cookie) response.headers.push_back(NoCookie());
  return response;
}

namespace {

Response Route(const Asked& asked) {
  const Backend& backend = asked.backend;
  const Request& request = asked.request;
  const std::string& path = request.path;
  // A listing that is followed by its links stays what it is.
  const bool first = !request.query.contains("page_token") && !request.query.contains("before");
  if (path == "/") return Show(asked, {"/", "Overview", true}, ReadOverview(asked), ShowOverview);
  if (path == "/members") {
    return Show(asked, {"/members", "Members", true}, ReadMembers(asked), ShowMembers);
  }
  if (path == "/entries") {
    return Show(asked, {"/entries", "Entries", first}, ReadEntries(asked), ShowEntries);
  }
  if (path == "/notifications") {
    return Show(asked, {"/notifications", "Notifications", first}, ReadNotifications(asked),
                ShowNotifications);
  }
  if (path == "/compliance") {
    return Show(asked, {"/compliance", "Compliance", true}, ReadCompliance(asked), ShowCompliance);
  }
  if (path == "/clarifications") {
    return Show(asked, {"/clarifications", "Open clarifications", first}, ReadClarifications(asked),
                ShowClarifications);
  }
  if (path == "/pledges") {
    return Show(asked, {"/pledges", "Pledges and offers", first}, ReadPledges(asked), ShowPledges);
  }
  if (path == "/revisions") {
    return Show(asked, {"/revisions", "Revisions", first}, ReadRevisions(asked), ShowRevisions);
  }
  if (path == "/nodes") return Show(asked, {"/nodes", "Nodes", true}, ReadNodes(asked), ShowNodes);
  if (path == "/act") return Text(200, "text/plain; charset=utf-8", FormatAct(backend.act), true);
  if (path == kSignInPath) {
    return InFrame(backend, asked.view.tip().header, asked.visitor, 200, {"", "Sign in"},
                   ShowSignIn(backend));
  }
  return ShowOne(asked, path);
}

}  // namespace

Response Answer(const Backend& backend, const Request& request) {
  const auto view = backend.store->Read();
  const auto visitor = VisitorOf(backend, *view, request.token);
  if (!visitor.ok()) return Denial(backend, request, visitor.status());
  Response response = Route({backend, *view, request, *visitor});
  if (request.path.starts_with(kAssetsPrefix)) return response;  // nothing was read
  const absl::Status logged = LogVisit(backend, *view, *visitor, request);
  return logged.ok() ? response : Failure(backend, request, logged);
}

}  // namespace assent::page
