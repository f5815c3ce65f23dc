// A receipt from a file, checked as whoever was handed it would.
#include "ledger/receipt/receipt.h"

#include "ledger/receipt/receipt_file.h"
#include "tests/fuzz/target.h"
#include "tests/unit/ledger/receipt/small_ledger.h"

namespace assent::fuzz {

const Target kReceiptTarget{
    "receipt",
    8 * 1024,
    [](std::string_view input) {
      static const FoundingAct act = SmallLedger().act();
      const auto receipt = ParseReceiptFile(input);
      const auto proof = VerifyReceipt(input, act);
      ASSENT_CHECK(receipt.ok() || !proof.ok());
      if (receipt.ok()) ASSENT_CHECK(FormatReceiptFile(*receipt) == input);
    },
    [] {
      SmallLedger ledger;
      const Entry entry = ledger.Sign(2, "d");
      ledger.AddBlock({ledger.Sign(0, "a"), ledger.Sign(1, "b")});
      ledger.AddBlock({ledger.Sign(0, "c"), entry, ledger.Sign(3, "e")});
      v1::Receipt receipt = ledger.Receipt(entry, 3);
      receipt.set_certificate(ledger.Certify({0, 1, 3}));
      v1::Receipt with_descendants = receipt;
      with_descendants.add_descendants(ledger.AddBlock({}));
      with_descendants.set_certificate(ledger.Certify({0, 1, 2, 3}));

      // Of the second epoch.
      SmallLedger longer;
      v1::EpochChange change;
      change.set_header(longer.AddClosingBlock({longer.Sign(0, "a")}, 3));
      change.add_tail(longer.AddBlock({}, BlockKind::kTail));
      change.set_certificate(longer.Certify({0, 1, 2}));
      AddVoters(3, change);
      longer.BeginEpoch(3);
      const Entry second = longer.Sign(1, "b");
      longer.AddBlock({second});
      v1::Receipt of_second = longer.Receipt(second, 1);
      *of_second.add_epochs() = change;
      of_second.set_certificate(longer.Certify({0, 1, 2}));
      return std::vector<Seed>{{"plain", FormatReceiptFile(receipt)},
                               {"descendants", FormatReceiptFile(with_descendants)},
                               {"second_epoch", FormatReceiptFile(of_second)}};
    },
    []() -> const google::protobuf::Message* { return &v1::Receipt::default_instance(); },
    kReceiptMagic.size()};

}  // namespace assent::fuzz
