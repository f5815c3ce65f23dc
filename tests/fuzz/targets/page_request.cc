// A request to the page as a browser sends it. An input has seven lines: the headers Accept,
// Authorization, Cookie and Last-Event-ID, the path, the query, and a form, which may have more.
#include <nlohmann/json.hpp>

#include "node/page/events.h"
#include "node/page/request.h"
#include "node/page/routes.h"
#include "node/page/sign_in.h"
#include "tests/fuzz/target.h"
#include "tests/unit/node/page/shown_ledger.h"

namespace assent::fuzz {
namespace {

const page::ShownLedger& Shown() {
  static const page::ShownLedger* const shown = [] {
    auto* made = new page::ShownLedger;
    made->ledger().Add("AAA", query::PublicNotification("A-1"));
    const EntryIndex second = made->ledger().Add("BBB", query::MembersNotification("B-1"));
    made->ledger().Add("BBB", query::Report(second));
    made->ledger().Add("CCC", query::OpenRevision("Title", "Text\n"));
    return made;
  }();
  return *shown;
}

std::string_view TakeLine(std::string_view& left) {
  const std::string_view line = left.substr(0, left.find('\n'));
  left.remove_prefix(std::min(left.size(), line.size() + 1));
  return line;
}

void Watch(const page::Request& request, std::string_view last_event_id) {
  const auto view = Shown().backend().store->Read();
  const auto cursor =
      page::CursorOf(std::string(last_event_id), request.Get("from"), view->tip().header.tree_size);
  if (cursor.ok()) ASSENT_CHECK(page::EventsFrom(*view, {}, *cursor).ok());
}

}  // namespace

const Target kPageRequestTarget{
    "page_request", 2 * 1024,
    [](std::string_view input) {
      page::Request request;
      request.json = page::WantsJson(std::string(TakeLine(input)));
      const std::string_view authorization = TakeLine(input);
      page::ReadToken(authorization, std::string(TakeLine(input)), request);
      const std::string_view last_event_id = TakeLine(input);
      request.path = TakeLine(input);
      page::ReadQuery(TakeLine(input), request);
      if (request.path == page::kEventsPath) return Watch(request, last_event_id);
      const bool form = request.path == page::kSignInPath && !input.empty();
      if (form) page::ReadForm(input, request);
      const page::Response response = form ? page::SignIn(Shown().backend(), request)
                                           : page::Answer(Shown().backend(), request);
      ASSENT_CHECK(response.status < 500);
      if (response.type == "application/json") {
        ASSENT_CHECK(nlohmann::json::accept(response.body));
      }
      for (const auto& [name, value] : response.headers) {
        ASSENT_CHECK(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
      }
    },
    [] {
      const std::string token = Shown().TokenOf(testing::TestState("AAA").reader);
      const auto get = [](const std::string& path, const std::string& query = "") {
        return "text/html\n\n\n\n" + path + "\n" + query + "\n";
      };
      std::vector<Seed> seeds{
          {"as_json", "application/json\n\n\n\n/entries/1\n\n"},
          {"as_member", "text/html\nBearer " + token + "\n\n\n/rounds/3\n\n"},
          {"by_cookie", "text/html\n\nassent-access=" + token + "\n\n/\n\n"},
          {"events", "text/event-stream\n\n\n2\n/events\nfrom=1\n"},
          {"filtered", get("/entries", "author=BBB&type=LaunchReport&before=3")},
          {"not_there", get("/entries/%3Cb%3E", "year=1e9")},
          {"sign_in", get("/sign-in") + "token=" + token}};
      for (const std::string name : {"members", "entries", "notifications", "compliance",
                                     "clarifications", "pledges", "revisions", "nodes", "act"}) {
        seeds.push_back({"view_" + name, get("/" + name)});
      }
      return seeds;
    }};

}  // namespace assent::fuzz
