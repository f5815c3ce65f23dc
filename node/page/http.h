// A request and its answer, whatever server carries them.
#ifndef ASSENT_NODE_PAGE_HTTP_H_
#define ASSENT_NODE_PAGE_HTTP_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace assent::page {

// A GET, or a form that was sent.
struct Request {
  std::string path;                          // decoded
  std::map<std::string, std::string> query;  // decoded
  bool json = false;                         // what the reader takes: JSON, or HTML
  std::string token = {};                    // the access token shown with it; empty: none
  bool from_cookie = false;                  // the token came in a cookie

  // Empty when it was not given.
  std::string Get(const std::string& name) const {
    const auto found = query.find(name);
    return found == query.end() ? "" : found->second;
  }
};

struct Response {
  int status = 200;
  std::string type;  // of the content
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;  // beside those that every answer has
};

}  // namespace assent::page

#endif  // ASSENT_NODE_PAGE_HTTP_H_
