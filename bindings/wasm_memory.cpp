// new and delete of the module, over its linear memory.
#include <cstddef>
#include <cstdint>
#include <new>

#include "free_lists.h"

// Where the linker's own data and the stack end.
extern "C" char __heap_base;

namespace {

// Hands out the memory behind the data, and grows it when that is used up.
struct LinearMemory {
  char* take(std::size_t size) {
    constexpr std::size_t kPage = 65536;
    if (next == 0)
      next = (reinterpret_cast<std::uintptr_t>(&__heap_base) + 15) & ~std::uintptr_t{15};
    const std::uintptr_t end = next + size;
    const std::uintptr_t have = __builtin_wasm_memory_size(0) * kPage;
    if (end > have && __builtin_wasm_memory_grow(0, (end - have + kPage - 1) / kPage) == SIZE_MAX) {
      return nullptr;
    }
    char* const taken = reinterpret_cast<char*>(next);
    next = end;
    return taken;
  }

  std::uintptr_t next = 0;
};

// Not made by a constructor: others may allocate before it would run.
constinit bearerkit::abi::FreeLists<LinearMemory> memory{LinearMemory{}};

}  // namespace

// Without a handler to ask and an exception to throw: no memory is a trap, which the caller sees.
void* operator new(std::size_t size) {
  void* const taken = memory.allocate(size);
  if (taken == nullptr) __builtin_trap();
  return taken;
}
void* operator new[](std::size_t size) { return operator new(size); }
void operator delete(void* taken) noexcept { memory.release(taken); }
void operator delete[](void* taken) noexcept { memory.release(taken); }
void operator delete(void* taken, std::size_t /*size*/) noexcept { memory.release(taken); }
void operator delete[](void* taken, std::size_t /*size*/) noexcept { memory.release(taken); }
