#include "ledger/block/digests.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "ledger/crypto/hash.h"
#include "ledger/log/merkle.h"

namespace assent {
namespace {

const Hash kPrevious = Sha256("previous");
const Hash kSalts = Sha256("salts");

std::string U32(std::uint32_t value) {
  std::string out;
  AppendU32(out, value);
  return out;
}

TEST(StateDigest, IsOverTheWritesInKeyOrder) {
  const StateWrites writes{{"b", std::nullopt}, {"a", "value"}, {"c", ""}};
  EXPECT_EQ(NextStateDigest(kPrevious, kSalts, writes),
            Sha256("\x04" + kPrevious.str() + kSalts.str() + U32(1) + "a" + "\x01" + U32(5) +
                   "value" + U32(1) + "b" + std::string(1, '\0') + U32(1) + "c" + "\x01" + U32(0)));
}

TEST(StateDigest, TellsEveryChangeApart) {
  const Hash nothing = NextStateDigest(kPrevious, kSalts, {});
  const Hash put = NextStateDigest(kPrevious, kSalts, {{"a", "b"}});
  const Hash empty = NextStateDigest(kPrevious, kSalts, {{"a", ""}});
  const Hash removed = NextStateDigest(kPrevious, kSalts, {{"a", std::nullopt}});
  const Hash shifted = NextStateDigest(kPrevious, kSalts, {{"ab", ""}});
  const std::set<Hash> all{nothing,
                           put,
                           empty,
                           removed,
                           shifted,
                           NextStateDigest(kSalts, kSalts, {}),
                           NextStateDigest(kPrevious, kPrevious, {})};
  EXPECT_EQ(all.size(), 7u);
}

TEST(SaltsHash, DependsOnTheirOrder) {
  const Salt a = *Salt::From(std::string(32, 'a'));
  const Salt b = *Salt::From(std::string(32, 'b'));
  EXPECT_EQ(SaltsHash({a, b}), Sha256("\x05" + a.str() + b.str()));
  EXPECT_NE(SaltsHash({a, b}), SaltsHash({b, a}));
  EXPECT_EQ(SaltsHash({}), Sha256("\x05"));
}

TEST(AuthorHeadsRoot, IsATreeInCodeOrder) {
  EXPECT_EQ(AuthorHeadsRoot({}), MerkleEmptyRoot());
  const Hash leaf_hash = Sha256("leaf");
  const AuthorHeads heads{{*MemberCode::From("ITA"), {Sequence(2), leaf_hash}},
                          {*MemberCode::From("FRA"), {Sequence(1), leaf_hash}}};
  const std::string fra =
      "\x03"
      "FRA" +
      std::string("\0\0\0\0\0\0\0\x01", 8) + leaf_hash.str();
  const std::string ita =
      "\x03"
      "ITA" +
      std::string("\0\0\0\0\0\0\0\x02", 8) + leaf_hash.str();
  EXPECT_EQ(AuthorHeadsRoot(heads), MerkleNodeHash(MerkleLeafHash(fra), MerkleLeafHash(ita)));
}

}  // namespace
}  // namespace assent
