// A record in words: every field that it has, as a list of terms.
#ifndef ASSENT_NODE_PAGE_FIELDS_H_
#define ASSENT_NODE_PAGE_FIELDS_H_

#include "google/protobuf/message.h"
#include "node/page/html.h"

namespace assent::page {

// Fields that are set, in the order of the message. Times and degrees are told by the suffixes of
// their names, entries that are referred to by being optional numbers of 64 bits.
Html Fields(const google::protobuf::Message& message);

// As JSON, with the names of the .proto files; every field that is not optional.
std::string Json(const google::protobuf::Message& message);

}  // namespace assent::page

#endif  // ASSENT_NODE_PAGE_FIELDS_H_
