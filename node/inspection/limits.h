// How much of what inspectors read is kept.
#ifndef ASSENT_NODE_INSPECTION_LIMITS_H_
#define ASSENT_NODE_INSPECTION_LIMITS_H_

#include <cstddef>

namespace assent::inspection {

inline constexpr std::size_t kReadLogFileBytesMax = 16 * 1024 * 1024;  // then a new file is begun
inline constexpr std::size_t kReadLogFilesMax = 64;   // with more, the oldest is removed
inline constexpr std::size_t kAskedBytesMax = 1'024;  // of a request; the rest is cut

}  // namespace assent::inspection

#endif  // ASSENT_NODE_INSPECTION_LIMITS_H_
