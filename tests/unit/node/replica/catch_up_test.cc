// Whom a node that was away asks for blocks.
#include "node/replica/catch_up.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "tests/support/test_chain.h"

namespace assent::replica {
namespace {

class AskedPeers : public Peers {
 public:
  void Send(const MemberCode&, MessageBytes) override {}
  void RequestBlocks(const MemberCode& from, Height, std::uint32_t) override {
    asked.push_back(from.str());
  }
  void CancelBlocks(const MemberCode& from) override { cancelled.push_back(from.str()); }
  std::vector<std::string> asked;
  std::vector<std::string> cancelled;
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
  catch_up_.Advance(tip_, 10 * CatchUp::kRetryFirstUs);
  EXPECT_EQ(peers_.asked, (std::vector<std::string>{"AAA", "BBB"}));
}

TEST_F(CatchUpTest, WhoFailedIsAskedAgainAfterAWhileWhenNobodyElseHasMore) {
  catch_up_.PeerHas(Code("AAA"), Height(10));
  catch_up_.Advance(tip_, 0);
  Fail("AAA", 0);
  catch_up_.Advance(tip_, CatchUp::kRetryFirstUs - 1);
  EXPECT_EQ(peers_.asked.size(), 1u);
  ASSERT_EQ(catch_up_.deadline_us(), CatchUp::kRetryFirstUs);
  catch_up_.Advance(tip_, CatchUp::kRetryFirstUs);
  EXPECT_EQ(peers_.asked.size(), 2u);
}

TEST_F(CatchUpTest, WhoFailsAgainWaitsLonger) {
  catch_up_.PeerHas(Code("AAA"), Height(10));
  std::int64_t now_us = 0;
  for (const std::int64_t wait_us : {1, 2, 4, 8, 16, 32, 60, 60}) {
    catch_up_.Advance(tip_, now_us);
    ASSERT_TRUE(catch_up_.running());
    Fail("AAA", now_us);
    catch_up_.Advance(tip_, now_us);
    ASSERT_EQ(catch_up_.deadline_us(), now_us + wait_us * CatchUp::kRetryFirstUs);
    now_us = *catch_up_.deadline_us();
  }
}

TEST_F(CatchUpTest, NoRetryIsDueWhileAnotherPeerIsAsked) {
  catch_up_.PeerHas(Code("AAA"), Height(20));
  catch_up_.PeerHas(Code("BBB"), Height(10));
  catch_up_.Advance(tip_, 0);
  Fail("AAA", 0);
  catch_up_.Advance(tip_, 1);
  ASSERT_TRUE(catch_up_.running());
  EXPECT_EQ(catch_up_.deadline_us(), 1 + CatchUp::kStallUs);
}

TEST_F(CatchUpTest, WhoBringsNothingInTimeIsLeftForAnother) {
  catch_up_.PeerHas(Code("AAA"), Height(20));
  catch_up_.PeerHas(Code("BBB"), Height(10));
  catch_up_.Advance(tip_, 0);
  catch_up_.Advance(tip_, CatchUp::kStallUs - 1);
  EXPECT_TRUE(peers_.cancelled.empty());
  catch_up_.Advance(tip_, CatchUp::kStallUs);
  EXPECT_EQ(peers_.cancelled, std::vector<std::string>{"AAA"});
  EXPECT_EQ(peers_.asked, (std::vector<std::string>{"AAA", "BBB"}));
}

// Blocks as a server sends them, to a node that has none.
class CatchUpBlocksTest : public ::testing::Test {
 protected:
  CatchUpBlocksTest() {
    for (int i = 0; i < 4; ++i) blocks_.push_back(server_.CommitEntries({server_.Notify("AAA")}));
    tip_ = node_.tip;
    catch_up_.PeerHas(kServer, Height(4));
    catch_up_.PeerHas(kOther, Height(3));
    catch_up_.Advance(tip_, 0);
  }

  FinalBlockParts Part(std::size_t i, bool certified = false) const {
    const execution::ExecutedBlock& block = *blocks_[i];
    FinalBlockParts parts{block.header, block.header_bytes, block.hash, block.entries, nullptr, {}};
    if (certified) {
      parts.certificate = std::make_shared<const Certificate>(
          *ParseCertificate(server_.Certify(block), server_.ledger.states.size()));
    }
    return parts;
  }
  absl::StatusOr<std::optional<CatchUp::Segment>> Take(FinalBlockParts parts,
                                                       std::int64_t now_us = 0) {
    return catch_up_.OnBlock(kServer, std::move(parts), tip_, now_us);
  }
  // The source is left, and the other one asked.
  void ExpectLeft(const absl::StatusOr<std::optional<CatchUp::Segment>>& result) {
    EXPECT_TRUE(absl::IsInvalidArgument(result.status())) << result.status();
    EXPECT_EQ(peers_.cancelled, std::vector<std::string>{kServer.str()});
    catch_up_.Advance(tip_, 0);
    EXPECT_EQ(peers_.asked.back(), kOther.str());
  }

  static inline const MemberCode kServer = *MemberCode::From("SSS");
  static inline const MemberCode kOther = *MemberCode::From("OOO");
  testing::TestChain server_{4};
  testing::TestChain node_{4};
  std::vector<execution::ExecutedPtr> blocks_;
  execution::ExecutedPtr tip_;
  AskedPeers peers_;
  CatchUp catch_up_{&node_.executor, &peers_};
};

TEST_F(CatchUpBlocksTest, NothingCountsBeforeACertificate) {
  ASSERT_TRUE(Take(Part(0)).ok());
  const auto second = Take(Part(1));
  ASSERT_TRUE(second.ok() && !*second);
  const auto third = Take(Part(2, true));
  ASSERT_TRUE(third.ok() && *third) << third.status();
  ASSERT_EQ((*third)->blocks.size(), 3u);
  EXPECT_EQ((*third)->blocks[2]->hash, blocks_[2]->hash);
}

// What is not certified costs no more than memory: its claims are not even looked at.
TEST_F(CatchUpBlocksTest, NothingIsExecutedBeforeACertificate) {
  FinalBlockParts invented = Part(0);
  invented.entries.clear();
  EXPECT_TRUE(Take(std::move(invented)).ok());
}

TEST_F(CatchUpBlocksTest, OtherEntriesThanTheHeadersAreTheServersFault) {
  FinalBlockParts swapped = Part(0, true);
  swapped.entries = Part(1).entries;
  ExpectLeft(Take(std::move(swapped)));
}

TEST_F(CatchUpBlocksTest, AGapIsTheServersFault) { ExpectLeft(Take(Part(1))); }

TEST_F(CatchUpBlocksTest, ABlockBesideTheLastIsTheServersFault) {
  ASSERT_TRUE(Take(Part(0)).ok());
  FinalBlockParts beside = Part(1);
  beside.header.parent = Hash();
  ExpectLeft(Take(std::move(beside)));
}

TEST_F(CatchUpBlocksTest, ACertificateOfAnotherBlockIsTheServersFault) {
  FinalBlockParts wrong = Part(0);
  wrong.certificate = Part(1, true).certificate;
  ExpectLeft(Take(std::move(wrong)));
}

TEST_F(CatchUpBlocksTest, TooLongWithoutACertificateIsTheServersFault) {
  ASSERT_TRUE(Take(Part(0)).ok());
  absl::StatusOr<std::optional<CatchUp::Segment>> result = std::nullopt;
  FinalBlockParts next = Part(1);
  for (std::size_t i = 1; i < CatchUp::kUncertifiedMax; ++i) {
    ASSERT_TRUE(result.ok()) << i;
    const Hash hash = next.hash;
    result = Take(next);
    next.header.parent = hash;
    next.header.height = next.header.height.next();
    next.hash.data()[0] ^= static_cast<std::uint8_t>(1 + i % 255);
  }
  ASSERT_TRUE(result.ok());
  ExpectLeft(Take(next));
}

// Not by a drop now and then, and not by what is no progress.
TEST_F(CatchUpBlocksTest, ADripDoesNotKeepTheOthersWaiting) {
  ASSERT_TRUE(Take(Part(0, true), CatchUp::kStallUs - 1).ok());
  node_.Commit(blocks_[0]);
  tip_ = node_.tip;
  ASSERT_TRUE(Take(Part(1), 2 * CatchUp::kStallUs - 2).ok());
  EXPECT_EQ(catch_up_.deadline_us(), 2 * CatchUp::kStallUs - 1);
  catch_up_.Advance(tip_, 2 * CatchUp::kStallUs - 1);
  EXPECT_EQ(peers_.asked.back(), kOther.str());
}

TEST_F(CatchUpBlocksTest, ASlowRangeEndsInAnyCase) {
  std::int64_t now_us = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    now_us += CatchUp::kStallUs - 1;
    ASSERT_TRUE(Take(Part(i, true), now_us).ok());
    node_.Commit(blocks_[i]);
    tip_ = node_.tip;
  }
  EXPECT_EQ(catch_up_.deadline_us(), CatchUp::kRangeUs);
}

}  // namespace
}  // namespace assent::replica
