// Whether standard error goes to systemd's journal, which then reads a line's priority from its
// beginning: sd-daemon(3), systemd.exec(5) on JOURNAL_STREAM.
#ifndef ASSENT_NODE_JOURNAL_STREAM_H_
#define ASSENT_NODE_JOURNAL_STREAM_H_

#include <string_view>

namespace assent::node {

// `journal_stream` is the variable's value, "device:inode" in decimal; empty when it is not set. It
// is inherited by children whose output goes elsewhere, so the descriptor decides.
bool IsJournal(int descriptor, std::string_view journal_stream);

}  // namespace assent::node

#endif  // ASSENT_NODE_JOURNAL_STREAM_H_
