// An operator has a backup made.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <string>
#include <vector>

#include "assent/v1/node.grpc.pb.h"
#include "node/service/node_service.h"
#include "tests/unit/node/service/fixture.h"

namespace assent::service {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class BackupCallTest : public ServiceTest {
 protected:
  void StartWith(decltype(Backend::make_backup) make_backup) {
    Listen listen = MakeListen();
    listen.admin_socket = scratch_.path("admin.socket");
    Backend backend = MakeBackend();
    backend.make_backup = std::move(make_backup);
    const absl::Status status = services_.Start(listen, std::move(backend));
    ASSERT_TRUE(status.ok()) << status;
  }
  grpc::Status Ask(const std::string& folder, v1::BackupMade* made = nullptr) {
    const auto stub = v1::Node::NewStub(grpc::CreateChannel("unix:" + scratch_.path("admin.socket"),
                                                            grpc::InsecureChannelCredentials()));
    Context context;
    v1::MakeBackupRequest request;
    request.set_folder(folder);
    v1::BackupMade ignored;
    return stub->MakeBackup(&context, request, made == nullptr ? &ignored : made);
  }
};

TEST_F(BackupCallTest, ItIsMadeInTheFolder) {
  std::promise<std::string> told;
  StartWith([&told](const std::string& folder) -> absl::StatusOr<v1::BackupMade> {
    told.set_value(folder);
    v1::BackupMade made;
    made.set_backup(4);
    made.set_height(70);
    return made;
  });
  v1::BackupMade made;
  const grpc::Status status = Ask("/backup/assent", &made);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(made.backup(), 4u);
  EXPECT_EQ(made.height(), 70u);
  EXPECT_EQ(told.get_future().get(), "/backup/assent");
}

TEST_F(BackupCallTest, WhyItFailedIsTold) {
  StartWith([](const std::string&) -> absl::StatusOr<v1::BackupMade> {
    return absl::InternalError("the disk is full");
  });
  EXPECT_THAT(Ask("/backup").error_message(), HasSubstr("the disk is full"));
  EXPECT_THAT(Ask("/backup").error_message(), HasSubstr("the disk is full")) << "and tried again";
}

TEST_F(BackupCallTest, TheFolderMustBeAbsolute) {
  std::vector<std::string> folders;
  StartWith([&folders](const std::string& folder) -> absl::StatusOr<v1::BackupMade> {
    folders.push_back(folder);
    return v1::BackupMade();
  });
  for (const std::string& folder : {std::string(), std::string("backup"), std::string("/a\0b", 4),
                                    "/" + std::string(kBackupFolderBytesMax, 'x')}) {
    EXPECT_EQ(Ask(folder).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  }
  EXPECT_THAT(folders, IsEmpty());
}

TEST_F(BackupCallTest, OneAtATime) {
  std::promise<void> begun;
  std::promise<void> may_end;
  StartWith([&](const std::string&) -> absl::StatusOr<v1::BackupMade> {
    begun.set_value();
    may_end.get_future().wait();
    return v1::BackupMade();
  });
  auto first = std::async(std::launch::async, [this] { return Ask("/backup"); });
  begun.get_future().wait();
  const grpc::Status second = Ask("/backup");
  EXPECT_EQ(second.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(second.error_message(), HasSubstr("under way"));
  may_end.set_value();
  EXPECT_TRUE(first.get().ok());
}

TEST_F(BackupCallTest, ANodeThatMakesNoneSaysSo) {
  StartWith(nullptr);
  EXPECT_EQ(Ask("/backup").error_code(), grpc::StatusCode::UNIMPLEMENTED);
}

}  // namespace
}  // namespace assent::service
