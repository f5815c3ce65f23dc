#include <gtest/gtest.h>

#include "node/network/inbox.h"
#include "node/network/send_queue.h"
#include "tests/unit/node/network/nodes.h"

namespace assent::network {
namespace {

TEST(SendQueueTest, FirstInFirstOut) {
  SendQueue queue(3, 100);
  for (const char* text : {"a", "b", "c"}) ASSERT_TRUE(queue.Push(Message(text)));
  EXPECT_EQ(*queue.Pop(), "a");
  EXPECT_EQ(*queue.Pop(), "b");
  EXPECT_EQ(queue.size(), 1u);
}

TEST(SendQueueTest, TheNewestIsRefusedWhenThereAreTooMany) {
  SendQueue queue(2, 100);
  ASSERT_TRUE(queue.Push(Message("a")));
  ASSERT_TRUE(queue.Push(Message("b")));
  EXPECT_FALSE(queue.Push(Message("c")));
  EXPECT_EQ(*queue.Pop(), "a");
  EXPECT_TRUE(queue.Push(Message("d")));
}

TEST(SendQueueTest, TheNewestIsRefusedWhenTheyAreTooLong) {
  SendQueue queue(100, 10);
  ASSERT_TRUE(queue.Push(Message("123456")));
  EXPECT_FALSE(queue.Push(Message("12345")));
  EXPECT_TRUE(queue.Push(Message("1234")));
  EXPECT_FALSE(queue.Push(Message("1")));
  queue.Clear();
  EXPECT_TRUE(queue.empty());
  EXPECT_TRUE(queue.Push(Message("1234567890")));
  EXPECT_FALSE(SendQueue(100, 10).Push(Message("12345678901")));
}

TEST(InboxTest, MessagesThatAreBeingToldStillCount) {
  Inbox inbox(2, 100);
  inbox.AddMessage("a");
  EXPECT_FALSE(inbox.full());
  inbox.AddMessage("b");
  EXPECT_TRUE(inbox.full());
  EXPECT_EQ(inbox.TakeMessages().size(), 2u);
  EXPECT_TRUE(inbox.empty());
  EXPECT_TRUE(inbox.full());
  inbox.Release();
  EXPECT_FALSE(inbox.full());
}

TEST(InboxTest, IsFullByBytesToo) {
  Inbox inbox(100, 10);
  inbox.AddMessage("12345");
  EXPECT_FALSE(inbox.full());
  inbox.AddMessage("12345");
  EXPECT_TRUE(inbox.full());
}

}  // namespace
}  // namespace assent::network
