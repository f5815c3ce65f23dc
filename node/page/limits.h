// The bounds of what the page's readers can have under way, and of what one answer shows.
#ifndef ASSENT_NODE_PAGE_LIMITS_H_
#define ASSENT_NODE_PAGE_LIMITS_H_

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace assent::page {

// So many answers are made at one time; others wait for their turn so long, then get 503.
inline constexpr std::ptrdiff_t kAnswersMax = 4;
inline constexpr std::chrono::milliseconds kAnswerPatience{5'000};
// Open event streams. Each has a thread of the server, which sleeps most of the time.
inline constexpr int kWatchersMax = 64;
// Threads for all others, and connections that wait for one.
inline constexpr int kAnswerThreads = 16;
inline constexpr int kWaitingMax = 32;
// Of a request until its last header has come, and between two bytes that its reader takes.
inline constexpr std::chrono::milliseconds kRequestTimeout{5'000};
inline constexpr std::size_t kRequestBytesMax = 8'192;              // first line and headers
inline constexpr std::size_t kReadBytesMax = 2 * kRequestBytesMax;  // beyond, they are not read
inline constexpr std::size_t kQueryValueBytesMax = 512;             // one parameter
inline constexpr std::size_t kFormBytesMax = 1'024;                 // a form that is sent
inline constexpr std::chrono::milliseconds kAnswerTimeout{30'000};  // until it has taken an answer
inline constexpr std::size_t kWriteBytesMax = 16 * 1024;            // written at once

// An event stream says that it is there so often, and tells of blocks no more often than this.
inline constexpr std::chrono::milliseconds kWatchHeartbeat{15'000};
inline constexpr std::chrono::milliseconds kWatchPause{250};
inline constexpr std::chrono::milliseconds kWatchRetry{2'000};  // a reader comes back after so long

inline constexpr std::int32_t kNewestShown = 10;          // entries on the overview
inline constexpr std::int32_t kEntriesShown = 100;        // of a page of the log
inline constexpr std::int32_t kNotificationsShown = 200;  // of a page of notifications
inline constexpr int kSummedPages = 5;                    // of notifications, for their sums
inline constexpr std::int32_t kRowsShown = 1'000;         // of an answer to a question
inline constexpr std::int32_t kClarificationsShown = 200;
inline constexpr std::int32_t kPledgesShown = 200;  // and offers
inline constexpr std::int32_t kEvidenceShown = 100;
inline constexpr std::int32_t kRevisionsShown = 100;
inline constexpr int kMonthsShown = 12;
inline constexpr int kYearsShown = 50;
// Listings are followed so far for one answer: enough for all members.
inline constexpr int kPagesMax = 16;
// A page of entries that is short, since it has looked at many or has many bytes, is filled up by
// so many more: enough for kEntriesShown of any size.
inline constexpr int kScansMax = 4;
// Two texts whose lines, multiplied, are more than this are shown without their differences.
inline constexpr std::size_t kDifferencesCellsMax = 4'000'000;

}  // namespace assent::page

#endif  // ASSENT_NODE_PAGE_LIMITS_H_
