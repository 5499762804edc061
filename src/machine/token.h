// A token's text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace bearerkit {

// Never changes, and is shared by all that hold it: an effect carries its token without a copy.
// (std::shared_ptr would bring exception classes into the module.)
class Token {
 public:
  Token() = default;
  explicit Token(std::string_view text);
  Token(const Token& other);
  Token(Token&& other) noexcept : shared_(std::exchange(other.shared_, nullptr)) {}
  // Takes a copy, or what is moved into it.
  Token& operator=(Token other) noexcept {
    std::swap(shared_, other.shared_);
    return *this;
  }
  ~Token() { release(); }

  bool empty() const { return shared_ == nullptr; }
  std::string_view text() const {
    return shared_ == nullptr ? std::string_view() : std::string_view(shared_->text);
  }
  friend bool operator==(const Token& token, std::string_view text) { return token.text() == text; }

 private:
  void release();

  struct Shared {
    std::uint32_t holders;
    std::string text;
  };
  Shared* shared_ = nullptr;
};

}  // namespace bearerkit
