#include "node/page/fields.h"

#include "assent/v1/entry.pb.h"
#include "assent/v1/page.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace assent::page {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(FieldsTest, ShowARecordInWords) {
  v1::Body body;
  body.set_visibility(v1::PUBLIC);
  body.set_supersedes(0);
  v1::LaunchNotification& launch = *body.mutable_launch_notification();
  launch.set_reference("<b>");
  launch.set_kind(v1::SPACE_LAUNCH);
  launch.set_window_start_us(1'000'000);
  launch.mutable_area()->mutable_circle()->mutable_center()->set_latitude_udeg(-1'500'000);
  launch.set_count(3);
  const std::string html = Fields(body).str();
  EXPECT_THAT(html, HasSubstr("<dt>visibility</dt><dd>public</dd>"));
  EXPECT_THAT(html, HasSubstr("<dt>supersedes</dt><dd>entry <a href=\"/entries/0\">0</a></dd>"));
  EXPECT_THAT(html, HasSubstr("<span class=\"text\">&lt;b&gt;</span>"));
  EXPECT_THAT(html, HasSubstr("<dt>kind</dt><dd>space launch</dd>"));
  EXPECT_THAT(html, HasSubstr("<dt>window start</dt><dd><time datetime=\"1970-01-01T00:00:01Z\">"));
  EXPECT_THAT(html, HasSubstr("<dt>latitude</dt><dd>-1.5\u00B0</dd>"));
  EXPECT_THAT(html, HasSubstr("<dt>count</dt><dd>3</dd>"));
  EXPECT_THAT(html, Not(HasSubstr("window end")));
}

TEST(FieldsTest, ShowBytesListsAndEmptiness) {
  v1::RevisionSign sign;
  EXPECT_EQ(Fields(sign).str(), "nothing");
  sign.set_text_hash("\x01\xFF");
  sign.set_membership(4);
  EXPECT_THAT(Fields(sign).str(), HasSubstr("<code>01ff</code>"));
  EXPECT_THAT(Fields(sign).str(), HasSubstr("<dt>membership</dt><dd>4</dd>"));
  v1::CommentAnswer answer;
  answer.add_comments(5);
  answer.add_comments(6);
  EXPECT_THAT(Fields(answer).str(), HasSubstr("<dt>comments</dt><dd>5</dd><dd>6</dd>"));
}

TEST(JsonTest, HasEveryFieldThatIsNotOptional) {
  v1::NodeRow node;
  node.set_code("\"</script>");
  EXPECT_EQ(Json(node),
            "{\"code\":\"\\\"\\u003c/script\\u003e\",\"name\":\"\",\"votes\":false,"
            "\"peer_endpoint\":\"\",\"self\":false,\"reached\":false,\"heard\":false,"
            "\"final_height\":\"0\",\"behind_blocks\":\"0\"}");
}

}  // namespace
}  // namespace assent::page
