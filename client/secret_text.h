// Passphrases and key files while they are in memory: no copy of them stays behind.
#ifndef ASSENT_CLIENT_SECRET_TEXT_H_
#define ASSENT_CLIENT_SECRET_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "ledger/check.h"
#include "ledger/crypto/sodium.h"

namespace assent::client {

// Text of bounded length in memory that is locked where the system lets us, never moved as it
// grows, and wiped at the end. Move only.
class SecretText {
 public:
  // Empty, with room for `bytes_max`, at least 1.
  explicit SecretText(std::size_t bytes_max)
      : bytes_(crypto_internal::AllocateSecret(bytes_max)), bytes_max_(bytes_max) {}
  ~SecretText() { sodium_free(bytes_); }
  SecretText(SecretText&& other) noexcept
      : bytes_(std::exchange(other.bytes_, nullptr)),
        bytes_max_(std::exchange(other.bytes_max_, 0)),
        size_(std::exchange(other.size_, 0)) {}
  SecretText& operator=(SecretText&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(bytes_max_, other.bytes_max_);
    std::swap(size_, other.size_);
    return *this;
  }
  SecretText(const SecretText&) = delete;
  SecretText& operator=(const SecretText&) = delete;

  // Valid until this object changes.
  std::string_view view() const { return {reinterpret_cast<const char*>(bytes_), size_}; }
  operator std::string_view() const { return view(); }  // NOLINT: it reads as what it is

  // Room behind the text, for somebody who fills it and calls Grow.
  std::span<std::uint8_t> room() { return {bytes_ + size_, bytes_max_ - size_}; }
  void Grow(std::size_t bytes) {
    ASSENT_CHECK(bytes <= bytes_max_ - size_);
    size_ += bytes;
  }
  void Shrink(std::size_t size) {
    ASSENT_CHECK(size <= size_);
    size_ = size;
  }

 private:
  std::uint8_t* bytes_;  // sodium_malloc; null after a move
  std::size_t bytes_max_;
  std::size_t size_ = 0;
};

}  // namespace assent::client

#endif  // ASSENT_CLIENT_SECRET_TEXT_H_
