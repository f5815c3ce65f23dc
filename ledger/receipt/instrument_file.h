// Between an instrument's file and its message. Only for those who speak protobuf anyway.
#ifndef ASSENT_LEDGER_RECEIPT_INSTRUMENT_FILE_H_
#define ASSENT_LEDGER_RECEIPT_INSTRUMENT_FILE_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "assent/v1/instrument.pb.h"

namespace assent {

// kInstrumentMagic and the serialized message.
std::string FormatInstrumentFile(const v1::RatificationInstrument& instrument);

// Strict in form, and no more: nothing in it is checked. InvalidArgument.
absl::StatusOr<v1::RatificationInstrument> ParseInstrumentFile(std::string_view file);

}  // namespace assent

#endif  // ASSENT_LEDGER_RECEIPT_INSTRUMENT_FILE_H_
