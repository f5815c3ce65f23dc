// How much one question may cost.
#ifndef ASSENT_NODE_QUERY_LIMITS_H_
#define ASSENT_NODE_QUERY_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace assent::query {

// Items of one page: when the caller does not say, and at most.
inline constexpr std::int32_t kEntriesPageDefault = 100;
inline constexpr std::int32_t kEntriesPageMax = 1'000;
inline constexpr std::int32_t kMembersPageDefault = 200;
inline constexpr std::int32_t kMembersPageMax = 1'000;
inline constexpr std::int32_t kQuestionsPageDefault = 20;
inline constexpr std::int32_t kQuestionsPageMax = 100;
inline constexpr std::int32_t kInspectorsPageDefault = 100;
inline constexpr std::int32_t kInspectorsPageMax = 1'000;
inline constexpr std::int32_t kRevisionsPageDefault = 20;
inline constexpr std::int32_t kRevisionsPageMax = 100;
inline constexpr std::int32_t kRowsPageDefault = 100;  // of an answer to a question
inline constexpr std::int32_t kRowsPageMax = 1'000;

// Of one answer; under kGrpcMessageBytesMax with room for one more item of any size.
inline constexpr std::size_t kPageBytesMax = 3 * 1024 * 1024;
// What a watch holds until its client has taken it: there are many, and some clients are slow.
inline constexpr std::size_t kWatchPageBytesMax = 256 * 1024;
// Entries looked at for one page. A filter that few match gives short pages, even empty ones, and a
// token.
inline constexpr std::size_t kScanEntriesMax = 10'000;
// Blocks of one audit stream, unless the first certificate is farther away.
inline constexpr std::uint32_t kAuditBlocksMax = 1'000;
inline constexpr std::size_t kPageTokenBytesMax = 192;

}  // namespace assent::query

#endif  // ASSENT_NODE_QUERY_LIMITS_H_
