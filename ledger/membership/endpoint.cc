#include "ledger/membership/endpoint.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "ledger/limits.h"

namespace assent {

bool IsEndpoint(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0 || text.size() > kEndpointBytesMax)
    return false;
  if (!std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F'; })) {
    return false;
  }
  const std::string_view digits = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return error == std::errc() && end == digits.data() + digits.size() && port > 0 &&
         digits[0] != '0';
}

}  // namespace assent
