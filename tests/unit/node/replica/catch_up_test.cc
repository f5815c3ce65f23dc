// Whom a node that was away asks for blocks.
#include "node/replica/catch_up.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace assent::replica {
namespace {

class AskedPeers : public Peers {
 public:
  void Send(const MemberCode&, MessageBytes) override {}
  void RequestBlocks(const MemberCode& from, Height first, std::uint32_t) override {
    asked.push_back(from.str());
    EXPECT_EQ(first, Height(1));
  }
  std::vector<std::string> asked;
};

class CatchUpTest : public ::testing::Test {
 protected:
  CatchUpTest() : catch_up_(nullptr, &peers_) {}

  static MemberCode Code(const char* text) { return *MemberCode::From(text); }
  void Fail(const char* peer, std::int64_t now_us) {
    catch_up_.OnEnd(Code(peer), absl::UnavailableError("nothing came"), now_us);
  }

  const execution::ExecutedPtr tip_ = std::make_shared<const execution::ExecutedBlock>();
  AskedPeers peers_;
  CatchUp catch_up_;
};

TEST_F(CatchUpTest, WhoseRangeFailedComesAfterTheOthersWhateverItClaims) {
  catch_up_.PeerHas(Code("AAA"), Height(std::numeric_limits<std::uint64_t>::max()));
  catch_up_.PeerHas(Code("BBB"), Height(10));
  catch_up_.Advance(tip_, 0);
  Fail("AAA", 0);
  catch_up_.Advance(tip_, 10 * CatchUp::kRetryUs);
  EXPECT_EQ(peers_.asked, (std::vector<std::string>{"AAA", "BBB"}));
}

TEST_F(CatchUpTest, WhoFailedIsAskedAgainAfterAWhileWhenNobodyElseHasMore) {
  catch_up_.PeerHas(Code("AAA"), Height(10));
  catch_up_.Advance(tip_, 0);
  Fail("AAA", 0);
  catch_up_.Advance(tip_, CatchUp::kRetryUs - 1);
  EXPECT_EQ(peers_.asked.size(), 1u);
  ASSERT_EQ(catch_up_.deadline_us(), CatchUp::kRetryUs);
  catch_up_.Advance(tip_, CatchUp::kRetryUs);
  EXPECT_EQ(peers_.asked.size(), 2u);
}

TEST_F(CatchUpTest, NoRetryIsDueWhileAnotherPeerIsAsked) {
  catch_up_.PeerHas(Code("AAA"), Height(20));
  catch_up_.PeerHas(Code("BBB"), Height(10));
  catch_up_.Advance(tip_, 0);
  Fail("AAA", 0);
  catch_up_.Advance(tip_, 1);
  ASSERT_TRUE(catch_up_.running());
  EXPECT_FALSE(catch_up_.deadline_us());
}

}  // namespace
}  // namespace assent::replica
