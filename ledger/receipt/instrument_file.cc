#include "ledger/receipt/instrument_file.h"

#include "absl/strings/str_cat.h"
#include "ledger/entry/strict.h"
#include "ledger/limits.h"
#include "ledger/receipt/instrument.h"

namespace assent {

std::string FormatInstrumentFile(const v1::RatificationInstrument& instrument) {
  return std::string(kInstrumentMagic) + instrument.SerializeAsString();
}

absl::StatusOr<v1::RatificationInstrument> ParseInstrumentFile(std::string_view file) {
  if (!file.starts_with(kInstrumentMagic)) {
    return absl::InvalidArgumentError(
        "it does not begin with \"assent instrument v1\"; is it an instrument of this version?");
  }
  if (file.size() > kInstrumentBytesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("it has ", file.size(), " bytes; the limit is ", kInstrumentBytesMax));
  }
  file.remove_prefix(kInstrumentMagic.size());
  v1::RatificationInstrument instrument;
  const absl::Status parsed = ParseStrict(file, instrument);
  if (!parsed.ok()) return parsed;
  return instrument;
}

}  // namespace assent
