#include "node/inspection/log_read.h"

#include <cstddef>
#include <utility>

#include "assent/v1/inspection.pb.h"
#include "node/inspection/limits.h"

namespace assent::inspection {
namespace {

// Not within a character.
std::string Cut(std::string text) {
  if (text.size() <= kAskedBytesMax) return text;
  std::size_t end = kAskedBytesMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "...";
}

}  // namespace

std::optional<rules::Refusal> LogRead(ReadLog* log, Time now, Height height, const PublicKey& key,
                                      const query::Reader& reader, Question question) {
  if (reader.rights != query::Rights::kInspector) return std::nullopt;
  v1::InspectorRead read;
  read.set_time(FormatTime(now));
  read.set_height(height.value());
  read.set_key(key.hex());
  for (const rules::AccreditationView& given : reader.accreditations) {
    read.add_accreditations(given.index.value());
  }
  read.set_method(question.method);
  read.set_asked(Cut(std::move(question.asked)));
  read.set_bodies(reader.bodies);
  if (log != nullptr && log->Append(read).ok()) return std::nullopt;
  return rules::Refusal{
      "READ_NOT_LOGGED",
      "this node cannot log what inspectors read at present, and answers none unlogged: ask "
      "another node, or tell its operator",
      std::move(question.method)};
}

}  // namespace assent::inspection
