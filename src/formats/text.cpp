#include "formats/text.h"

#include <cstring>
#include <new>
#include <utility>

namespace bearerkit {

constinit Text::Shared Text::nothing = {};

Text::Text(std::string_view text) { *this += text; }

[[gnu::noinline]] Text::Text(const Text& other) : shared_(other.shared_) {
  if (shared_ != &nothing) shared_->holders++;
}

Text& Text::operator=(const Text& other) {
  Text held(other);
  std::swap(shared_, held.shared_);
  return *this;
}

Text::~Text() { release(); }

void Text::release() {
  if (shared_ != &nothing && --shared_->holders == 0) ::operator delete(shared_);
}

// For `size` bytes, in memory of its own.
void Text::make_room(std::size_t size) {
  if (size <= shared_->room && shared_->holders == 1) return;
  const std::size_t room = size < 2 * shared_->size ? 2 * shared_->size : size;
  auto* const made = static_cast<Shared*>(::operator new(sizeof(Shared) + room));
  *made = {1, shared_->size, static_cast<std::uint32_t>(room)};
  std::memcpy(made->bytes(), shared_->bytes(), shared_->size);
  release();
  shared_ = made;
}

Text& Text::operator+=(std::string_view text) {
  const std::size_t before = size();
  if (!text.empty()) std::memcpy(resize(before + text.size()) + before, text.data(), text.size());
  return *this;
}

Text& Text::operator+=(char c) { return *this += std::string_view(&c, 1); }

char* Text::resize(std::size_t size) {
  make_room(size);
  shared_->size = static_cast<std::uint32_t>(size);
  return shared_->bytes();
}

}  // namespace bearerkit
