// Order before answers: threads that read for clients give way to those that the ledger waits for.
#ifndef ASSENT_NODE_QUOTA_THREAD_PRIORITY_H_
#define ASSENT_NODE_QUOTA_THREAD_PRIORITY_H_

namespace assent::quota {

// The nice value of a thread that reads for who is known, and for strangers. Each gets about a
// third and a thirtieth of what a thread gets that the ledger waits for, where these want a
// processor.
inline constexpr int kReaderNice = 5;
inline constexpr int kStrangerNice = 15;

// Of the calling thread and those that it starts. False: the system does not let it.
bool LowerPriority(int nice);

}  // namespace assent::quota

#endif  // ASSENT_NODE_QUOTA_THREAD_PRIORITY_H_
