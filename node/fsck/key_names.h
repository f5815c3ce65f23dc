// Keys of the database as a person reads them.
#ifndef ASSENT_NODE_FSCK_KEY_NAMES_H_
#define ASSENT_NODE_FSCK_KEY_NAMES_H_

#include <string>
#include <string_view>

#include "node/storage/rocks_options.h"

namespace assent::fsck {

// "entry 17", "the index of FRA/3", "the member FRA (member/FRA)". A key that is none of ours is
// shown in hex.
std::string NameOfKey(storage::Family family, std::string_view key);

// The bytes of a value as far as a person can compare them: their number and hash.
std::string NameOfValue(std::string_view value);

}  // namespace assent::fsck

#endif  // ASSENT_NODE_FSCK_KEY_NAMES_H_
