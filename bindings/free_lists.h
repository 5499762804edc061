// The allocator of the module: blocks in sizes of powers of two, one list of free ones for each.
//
// Emscripten's smallest is four times this one's code. The core holds a handful of strings for long
// and many for the length of a call, always of the same few sizes: what is freed is taken again,
// and memory stays flat. A block wastes at most half of itself; it is never split, joined or given
// back.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace bearerkit::abi {

// `Source` gives fresh memory: `char* take(std::size_t size)`, aligned to 16, or nullptr.
template <typename Source>
class FreeLists {
 public:
  constexpr explicit FreeLists(Source source) : source_(source) {}

  // Room for `size` bytes, aligned to 16, or nullptr.
  void* allocate(std::size_t size) {
    if (size > kLargest) return nullptr;
    const auto place = static_cast<std::size_t>(std::bit_width((size + kHeader - 1) >> kSmallest));
    if (Block* const block = free_[place]) {
      free_[place] = block->next;
      block->next = nullptr;
      return payload_of(block);
    }
    auto* const block = reinterpret_cast<Block*>(source_.take(block_size(place)));
    if (block == nullptr) return nullptr;
    block->place = place;
    return payload_of(block);
  }

  // Takes a block back and wipes it: tokens pass through many strings, of the JSON lexer too.
  void release(void* payload) {
    if (payload == nullptr) return;
    auto* const block = reinterpret_cast<Block*>(static_cast<char*>(payload) - kHeader);
    // Through a volatile pointer, so that it is not optimised away.
    auto* const words = static_cast<volatile std::uint64_t*>(payload);
    const std::size_t count = (block_size(block->place) - kHeader) / sizeof(std::uint64_t);
    for (std::size_t i = 0; i < count; i++) words[i] = 0;
    block->next = free_[block->place];
    free_[block->place] = block;
  }

 private:
  static constexpr std::size_t kHeader = 16;   // keeps payloads aligned as blocks are
  static constexpr std::size_t kSmallest = 5;  // blocks of 2⁵ bytes and up
  static constexpr std::size_t kLargest = std::size_t{1} << 28;

  struct Block {
    std::size_t place;  // which list it belongs to
    Block* next;        // while it is free
  };
  static_assert(sizeof(Block) <= kHeader);

  static constexpr std::size_t block_size(std::size_t place) {
    return std::size_t{1} << (place + kSmallest);
  }
  static void* payload_of(Block* block) { return reinterpret_cast<char*>(block) + kHeader; }

  Source source_;
  Block* free_[32] = {};
};

}  // namespace bearerkit::abi
