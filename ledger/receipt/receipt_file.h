// Between a receipt's file and its message. Only for those who speak protobuf anyway.
#ifndef ASSENT_LEDGER_RECEIPT_RECEIPT_FILE_H_
#define ASSENT_LEDGER_RECEIPT_RECEIPT_FILE_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "assent/v1/block.pb.h"

namespace assent {

// kReceiptMagic and the serialized message.
std::string FormatReceiptFile(const v1::Receipt& receipt);

// Strict in form, and no more: nothing in it is checked. InvalidArgument.
absl::StatusOr<v1::Receipt> ParseReceiptFile(std::string_view file);

}  // namespace assent

#endif  // ASSENT_LEDGER_RECEIPT_RECEIPT_FILE_H_
