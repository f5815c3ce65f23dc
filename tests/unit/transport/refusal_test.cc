#include "transport/refusal.h"

#include <gtest/gtest.h>

#include <string>

namespace assent::transport {
namespace {

TEST(RefusalTest, ARefusalSurvivesTheStatus) {
  const rules::Refusal refusal{"SEQUENCE_GAP", "sequence 9 of FRA leaves a gap", "FRA/9"};
  const grpc::Status status = RefusalStatus(grpc::StatusCode::FAILED_PRECONDITION, refusal);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(status.error_message(), refusal.message);
  const auto read = RefusalOf(status);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->reason, refusal.reason);
  EXPECT_EQ(read->message, refusal.message);
  EXPECT_EQ(read->subject, refusal.subject);
}

// google.rpc.Status {code: 9, message: "no", details: [Any{type_url, Refusal{"R", "no", "s"}}]}, to
// the byte: other libraries read it.
TEST(RefusalTest, TheDetailsAreAGoogleRpcStatus) {
  const std::string url = "type.googleapis.com/assent.v1.Refusal";
  const std::string refusal = "\x0a\x01R\x12\x02no\x1a\x01s";
  const std::string any = "\x0a" + std::string(1, static_cast<char>(url.size())) + url + "\x12" +
                          std::string(1, static_cast<char>(refusal.size())) + refusal;
  const std::string expected =
      "\x08\x09\x12\x02no\x1a" + std::string(1, static_cast<char>(any.size())) + any;
  EXPECT_EQ(RefusalStatus(grpc::StatusCode::FAILED_PRECONDITION, {"R", "no", "s"}).error_details(),
            expected);
}

TEST(RefusalTest, OtherStatusesHaveNone) {
  EXPECT_EQ(RefusalOf(grpc::Status::OK), std::nullopt);
  EXPECT_EQ(RetryAfterOf(grpc::Status::OK).count(), 0);
  EXPECT_EQ(RefusalOf(grpc::Status(grpc::StatusCode::UNAVAILABLE, "later")), std::nullopt);
  EXPECT_EQ(RefusalOf(grpc::Status(grpc::StatusCode::INTERNAL, "bad", "\xff\xff")), std::nullopt);
}

TEST(RefusalTest, LongTextsAreCutBetweenCharacters) {
  std::string message = "x";
  for (int i = 0; i < 1'000; ++i) message += "é";
  const grpc::Status status =
      RefusalStatus(grpc::StatusCode::FAILED_PRECONDITION, {"R", message, message});
  const auto read = RefusalOf(status);
  ASSERT_TRUE(read);
  EXPECT_LE(read->message.size(), kRefusalMessageBytesMax);
  EXPECT_GT(read->message.size(), kRefusalMessageBytesMax - 8);
  EXPECT_LE(read->subject.size(), kRefusalSubjectBytesMax);
  EXPECT_EQ(read->message.substr(read->message.size() - 5), "é...");
}

}  // namespace
}  // namespace assent::transport
