// An entry as it is submitted: its wire message.
#include "ledger/entry/proto.h"
#include "ledger/entry/strict.h"
#include "tests/fuzz/samples.h"
#include "tests/fuzz/target.h"

namespace assent::fuzz {

const Target kEntryTarget{
    "entry", 4 * 1024,
    [](std::string_view input) {
      v1::Entry message;
      if (!ParseStrict(input, message).ok()) return;
      ASSENT_CHECK(message.SerializeAsString() == input);
      const auto entry = FromProto(message);
      if (!entry.ok()) return;
      ASSENT_CHECK(ToProto(*entry).SerializeAsString() == input);
      static_cast<void>(entry->VerifySignature(Ledger().states[0].authority.public_key()));
    },
    [] {
      const Entry entry = SampleEntry();
      return std::vector<Seed>{{"with_body", ToProto(entry).SerializeAsString()},
                               {"without_body", ToProto(entry.WithoutBody()).SerializeAsString()}};
    },
    []() -> const google::protobuf::Message* { return &v1::Entry::default_instance(); }};

}  // namespace assent::fuzz
