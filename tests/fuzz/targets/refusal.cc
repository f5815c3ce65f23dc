// What a node says to a client that it refuses.
#include "transport/refusal.h"

#include <string>

#include "assent/v1/refusal.pb.h"
#include "tests/fuzz/target.h"

namespace assent::fuzz {

const Target kRefusalTarget{
    "refusal", 8192,
    [](std::string_view input) {
      const grpc::Status status(grpc::StatusCode::FAILED_PRECONDITION, "", std::string(input));
      const auto refusal = transport::RefusalOf(status);
      if (!refusal) return;
      const auto retry_after = transport::RetryAfterOf(status);
      // A node that passes it on cuts what is too long, once.
      const grpc::Status again =
          transport::RefusalStatus(status.error_code(), *refusal, retry_after);
      const auto cut = transport::RefusalOf(again);
      ASSENT_CHECK(cut && cut->reason == refusal->reason);
      ASSENT_CHECK(cut->message.size() <= transport::kRefusalMessageBytesMax);
      ASSENT_CHECK(cut->subject.size() <= transport::kRefusalSubjectBytesMax);
      ASSENT_CHECK(transport::RetryAfterOf(again) == retry_after);
      ASSENT_CHECK(
          transport::RefusalStatus(status.error_code(), *cut, retry_after).error_details() ==
          again.error_details());
    },
    [] {
      const auto details = [](const rules::Refusal& refusal, std::chrono::milliseconds wait) {
        return transport::RefusalStatus(grpc::StatusCode::RESOURCE_EXHAUSTED, refusal, wait)
            .error_details();
      };
      using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)
      return std::vector<Seed>{
          {"quota", details({"QUOTA_EXCEEDED", "too many entries", "FRA"}, 250ms)},
          {"long", details({"SEQUENCE_GAP", std::string(2'000, 'm'), std::string(300, 's')}, 0ms)}};
    },
    [] {
      return static_cast<const google::protobuf::Message*>(&v1::StatusDetails::default_instance());
    }};

}  // namespace assent::fuzz
