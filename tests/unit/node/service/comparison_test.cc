// The state key by key, for members.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "assent/v1/comparison.grpc.pb.h"
#include "ledger/crypto/hash.h"
#include "node/query/state_keys.h"
#include "node/service/limits.h"
#include "tests/unit/node/service/fixture.h"

namespace assent::service {
namespace {

using ::testing::HasSubstr;

class ComparisonTest : public ServiceTest {
 protected:
  void SetUp() override {
    chain_.CommitEntries({chain_.Notify("AAA"), chain_.Notify("BBB")});
    Start();
  }
  std::unique_ptr<v1::Comparison::Stub> As(const SecretSeed* identity) {
    return v1::Comparison::NewStub(Channel(identity));
  }
  grpc::Status List(v1::Comparison::Stub& client, const std::string& from, std::int32_t page_size,
                    v1::ListStateKeysResponse& page) {
    Context context;
    v1::ListStateKeysRequest request;
    request.set_from_key(from);
    request.set_page_size(page_size);
    return client.ListStateKeys(&context, request, &page);
  }
};

TEST_F(ComparisonTest, AMemberSeesEveryKeyWithTheHashOfItsValue) {
  const SecretSeed reader = *SecretSeed::From(Sha256({"BBB", "/", "reader"}).view());
  const auto client = As(&reader);
  std::map<std::string, std::string> expected;
  chain_.state.Scan("", "", [&](std::string_view key, std::string_view value) {
    expected.emplace(key, Sha256(value).str());
    return true;
  });
  ASSERT_GT(expected.size(), 20u);
  for (const std::int32_t page_size : {0, 1, 7}) {
    std::map<std::string, std::string> listed;
    std::string from;
    do {
      v1::ListStateKeysResponse page;
      grpc::Status status = List(*client, from, page_size, page);
      // The place of a call that has just been answered may not be free yet.
      for (int i = 0; i < 1'000 && status.error_code() == grpc::RESOURCE_EXHAUSTED; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        status = List(*client, from, page_size, page);
      }
      ASSERT_TRUE(status.ok()) << status.error_message();
      EXPECT_EQ(page.height(), 1u);
      EXPECT_EQ(page.block_hash(), chain_.tip->hash.str());
      if (page_size > 0) {
        EXPECT_LE(page.keys_size(), page_size);
      }
      for (const v1::StateKey& key : page.keys()) listed.emplace(key.key(), key.value_hash());
      from = page.next_key();
    } while (!from.empty());
    EXPECT_EQ(listed, expected) << page_size;
  }
}

TEST_F(ComparisonTest, NobodyElseDoes) {
  v1::ListStateKeysResponse page;
  const SecretSeed stranger = *SecretSeed::From(std::string(32, 's'));
  for (const SecretSeed* identity : {static_cast<const SecretSeed*>(nullptr), &stranger}) {
    const grpc::Status status = List(*As(identity), "", 0, page);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
    EXPECT_THAT(status.error_message(), HasSubstr("members only"));
    EXPECT_EQ(page.keys_size(), 0);
  }
}

TEST_F(ComparisonTest, APageHasABound) {
  const SecretSeed reader = *SecretSeed::From(Sha256({"BBB", "/", "reader"}).view());
  const auto client = As(&reader);
  v1::ListStateKeysResponse page;
  for (const std::int32_t size : {-1, query::kStateKeysPageMax + 1}) {
    EXPECT_EQ(List(*client, "", size, page).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  }
  EXPECT_TRUE(List(*client, "", query::kStateKeysPageMax, page).ok());
}

// From one address, too.
TEST_F(ComparisonTest, MembersAreCountedByTheirKeys) {
  const std::size_t most = kComparisons.of_one_client;
  ASSERT_LE(most, kReadThreads);
  store_.HoldReads(most);
  std::vector<std::thread> callers;
  std::vector<grpc::Status> statuses(most + 1);
  const auto list = [&](const char* member, grpc::Status& status) {
    callers.emplace_back([this, member, &status] {
      const SecretSeed reader = *SecretSeed::From(Sha256({member, "/", "reader"}).view());
      v1::ListStateKeysResponse page;
      status = List(*As(&reader), "", 1, page);
    });
  };
  for (std::size_t i = 0; i < most; ++i) list("BBB", statuses[i]);
  store_.WaitUntilHeld(most);
  v1::ListStateKeysResponse page;
  const SecretSeed reader = *SecretSeed::From(Sha256({"BBB", "/", "reader"}).view());
  EXPECT_EQ(List(*As(&reader), "", 1, page).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  list("CCC", statuses[most]);
  store_.Release();
  for (std::thread& caller : callers) caller.join();
  for (const grpc::Status& status : statuses) EXPECT_TRUE(status.ok()) << status.error_message();
}

}  // namespace
}  // namespace assent::service
