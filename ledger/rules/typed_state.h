// Reads and writes the messages of state.proto in the state.
#ifndef ASSENT_LEDGER_RULES_TYPED_STATE_H_
#define ASSENT_LEDGER_RULES_TYPED_STATE_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "ledger/rules/state.h"
#include "ledger/types.h"

namespace assent::rules {

// Ends the process with one line that names the key: the rules wrote every value themselves, so one
// that cannot be read means that the storage below has changed it, and no rule may be decided on
// it.
[[noreturn]] void StopOnDamagedState(std::string_view key);

// What `value`, found under `key`, says. Stops on damage.
template <class Message>
Message Decode(std::string_view key, std::string_view value) {
  Message message;
  if (!message.ParseFromArray(value.data(), static_cast<int>(value.size())))
    StopOnDamagedState(key);
  return message;
}

// The key or hash that `bytes`, found under `key`, are. Stops on damage.
template <class Fixed>
Fixed DecodeFixed(std::string_view key, std::string_view bytes) {
  const auto fixed = Fixed::From(bytes);
  if (!fixed) StopOnDamagedState(key);
  return *fixed;
}

// The state whose code `text`, found under `key`, is. Stops on damage.
inline MemberCode DecodeCode(std::string_view key, std::string_view text) {
  const auto code = MemberCode::From(text);
  if (!code) StopOnDamagedState(key);
  return *code;
}

// Nothing when there is no such key.
template <class Message>
std::optional<Message> Load(const StateView& state, std::string_view key) {
  const auto value = state.Get(key);
  if (!value) return std::nullopt;
  return Decode<Message>(key, *value);
}

// For a key that is always there.
template <class Message>
Message LoadExisting(const StateView& state, std::string_view key) {
  auto message = Load<Message>(state, key);
  if (!message) StopOnDamagedState(key);
  return *std::move(message);
}

// The messages of state.proto have no maps, so that their bytes are the same on every node.
template <class Message>
void Save(StateOverlay& state, std::string_view key, const Message& message) {
  state.Put(key, message.SerializeAsString());
}

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_TYPED_STATE_H_
