#include "ledger/receipt/receipt_file.h"

#include "absl/strings/str_cat.h"
#include "ledger/entry/strict.h"
#include "ledger/limits.h"
#include "ledger/receipt/receipt.h"

namespace assent {

std::string FormatReceiptFile(const v1::Receipt& receipt) {
  return std::string(kReceiptMagic) + receipt.SerializeAsString();
}

absl::StatusOr<v1::Receipt> ParseReceiptFile(std::string_view file) {
  if (!file.starts_with(kReceiptMagic)) {
    return absl::InvalidArgumentError(
        "it does not begin with \"assent receipt v1\"; is it a receipt of this version?");
  }
  if (file.size() > kReceiptBytesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("it has ", file.size(), " bytes; the limit is ", kReceiptBytesMax));
  }
  file.remove_prefix(kReceiptMagic.size());
  v1::Receipt receipt;
  const absl::Status parsed = ParseStrict(file, receipt);
  if (!parsed.ok()) return parsed;
  return receipt;
}

}  // namespace assent
