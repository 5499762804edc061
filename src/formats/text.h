// The text that the core owns: tokens, records, what is written and sent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bearerkit {

// One pointer, and all that it does is done in text.cpp: with std::string each place that holds
// one, moves it or lets it go would be three times as long in the module.
//
// Copies share one memory, so an effect carries its token without a copy. Only a text that nobody
// shares is added to. What is let go is wiped with its memory (bindings/free_lists.h).
class Text {
 public:
  using value_type = char;  // nlohmann's templates ask for it

  Text() = default;
  explicit Text(std::string_view text);
  Text(const Text& other);
  Text& operator=(const Text& other);
  ~Text();

  // NOLINTNEXTLINE(google-explicit-constructor): as std::string does
  operator std::string_view() const { return view(); }
  // NOLINTNEXTLINE(google-explicit-constructor): a copy; tests keep texts so, the core never does
  operator std::string() const { return std::string(view()); }

  std::string_view view() const { return {shared_->bytes(), shared_->size}; }
  const char* data() const { return shared_->bytes(); }
  std::size_t size() const { return shared_->size; }
  bool empty() const { return shared_->size == 0; }
  friend bool operator==(const Text& text, std::string_view other) { return text.view() == other; }
  friend bool operator==(const Text& text, const Text& other) { return text == other.view(); }

  Text& operator+=(std::string_view text);
  Text& operator+=(char c);
  // `size` bytes to be written; those that it had stay.
  char* resize(std::size_t size);

 private:
  struct Shared {
    std::uint32_t holders;
    std::uint32_t size;
    std::uint32_t room;
    char* bytes() { return reinterpret_cast<char*>(this + 1); }
  };
  static Shared nothing;  // what empty texts hold; nobody counts them

  void release();
  void make_room(std::size_t size);

  Shared* shared_ = &nothing;
};

}  // namespace bearerkit
