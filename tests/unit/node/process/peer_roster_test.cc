#include "node/peer_roster.h"

#include <chrono>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/crypto/keys.h"

namespace assent::node {
namespace {

using network::PeerAddress;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

PeerAddress Peer(const std::string& code, int port, char key = 'k') {
  return {MemberCode::From(code).value(), "127.0.0.1:" + std::to_string(port),
          SigningKey(SecretSeed::From(std::string(SecretSeed::kSize, key)).value()).public_key()};
}

class FarewellsTest : public ::testing::Test {
 protected:
  std::vector<PeerAddress> At(std::chrono::milliseconds time, const std::vector<PeerAddress>& named,
                              bool is_there = true) {
    return farewells_.PeersAt(Farewells::Time(time), named,
                              [is_there](const MemberCode&) { return is_there; });
  }

  Farewells farewells_;
  const PeerAddress fra_ = Peer("FRA", 1), ind_ = Peer("IND", 2), jpn_ = Peer("JPN", 3);
  const std::chrono::milliseconds begin_{10'000};
  const std::chrono::milliseconds before_end_ = begin_ + kFarewell - kFarewellLook;
  const std::chrono::milliseconds end_ = begin_ + kFarewell;
};

TEST_F(FarewellsTest, WhoIsNamedIsAPeerAtOnce) {
  EXPECT_THAT(At(begin_, {fra_}), ElementsAre(fra_));
  EXPECT_THAT(At(begin_, {fra_, ind_}), ElementsAre(fra_, ind_));
  EXPECT_FALSE(farewells_.any());
}

TEST_F(FarewellsTest, WhoIsNamedNoMoreStaysForAMoment) {
  At(begin_, {fra_, ind_});
  EXPECT_THAT(At(begin_, {fra_}), ElementsAre(fra_, ind_));
  EXPECT_TRUE(farewells_.any());
  EXPECT_THAT(At(before_end_, {fra_, jpn_}), ElementsAre(fra_, ind_, jpn_));
  EXPECT_THAT(At(end_, {fra_, jpn_}), ElementsAre(fra_, jpn_));
  EXPECT_FALSE(farewells_.any());
}

TEST_F(FarewellsTest, WhoIsNotThereGoesAtOnce) {
  At(begin_, {fra_, ind_});
  EXPECT_THAT(At(begin_, {fra_}, false), ElementsAre(fra_));
  EXPECT_THAT(At(begin_, {}), ElementsAre(fra_));
  EXPECT_THAT(At(begin_ + kFarewellLook, {}, false), IsEmpty());
  EXPECT_FALSE(farewells_.any());
}

TEST_F(FarewellsTest, WhoHasAnotherKeyOrMovedIsSpokenToAsBeforeForAMoment) {
  At(begin_, {fra_, ind_});
  const PeerAddress moved = Peer("FRA", 9), renewed = Peer("IND", 2, 'n');
  EXPECT_THAT(At(begin_, {moved, renewed}), ElementsAre(fra_, ind_));
  EXPECT_THAT(At(end_, {moved, renewed}), ElementsAre(moved, renewed));
}

// However often it moves.
TEST_F(FarewellsTest, TheTimeIsNotBegunAnew) {
  At(begin_, {fra_});
  EXPECT_THAT(At(begin_, {Peer("FRA", 8)}), ElementsAre(fra_));
  EXPECT_THAT(At(before_end_, {Peer("FRA", 9)}), ElementsAre(fra_));
  EXPECT_THAT(At(end_, {Peer("FRA", 9)}), ElementsAre(Peer("FRA", 9)));
}

TEST_F(FarewellsTest, WhoComesBackStays) {
  At(begin_, {fra_});
  At(begin_, {});
  EXPECT_THAT(At(before_end_, {fra_}), ElementsAre(fra_));
  EXPECT_FALSE(farewells_.any());
  EXPECT_THAT(At(end_, {}), ElementsAre(fra_)) << "the next farewell is whole";
}

}  // namespace
}  // namespace assent::node
