// Stand-ins for parts of the C library that the module links but does not use.
//
// nlohmann's lexer has calls of strtod and strtoull for numbers, and of snprintf to describe a
// control character in an error message. The core takes neither: it reads numbers itself from their
// text (src/formats/json_lexer.h, src/formats/decimal.cpp), and an error's position without its
// message. Linked for real, musl's printf family (with its floating point in 128 bits) and its
// number scanner (which reads through a FILE) are more code than the whole core: 46 kB against 29
// kB when measured, 19 kB against 9 kB after brotli.
//
// Nothing here may be relied upon. The unit tests as WebAssembly link the real functions
// (GoogleTest needs them); the module itself is tested from JavaScript.
#include <cstdarg>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>

extern "C" {

double strtod(const char* /*text*/, char** /*end*/) { return 0; }
float strtof(const char* /*text*/, char** /*end*/) { return 0; }
long double strtold(const char* /*text*/, char** /*end*/) { return 0; }

// All four: they stand in one object of the C library, which is linked whole or not at all.
long strtol(const char* /*text*/, char** /*end*/, int /*base*/) { return 0; }
unsigned long strtoul(const char* /*text*/, char** /*end*/, int /*base*/) { return 0; }
long long strtoll(const char* /*text*/, char** /*end*/, int /*base*/) { return 0; }
unsigned long long strtoull(const char* /*text*/, char** /*end*/, int /*base*/) { return 0; }

int vsnprintf(char* buffer, std::size_t size, const char* /*format*/, va_list /*values*/) {
  if (size > 0) *buffer = '\0';
  return 0;
}
int snprintf(char* buffer, std::size_t size, const char* /*format*/, ...) {
  if (size > 0) *buffer = '\0';
  return 0;
}

// These two are what they should be, a byte at a time: musl's go by words, and are five times as
// long. Only what is slow anyway comes here. Their loops must not be taken for calls of themselves.
__attribute__((no_builtin("strlen"))) std::size_t strlen(const char* text) {
  const char* end = text;
  while (*end != '\0') end++;
  return static_cast<std::size_t>(end - text);
}
__attribute__((no_builtin("memchr"))) void* memchr(const void* bytes, int c, std::size_t size) {
  const auto* at = static_cast<const unsigned char*>(bytes);
  for (; size > 0; size--, at++) {
    if (*at == static_cast<unsigned char>(c)) return const_cast<unsigned char*>(at);
  }
  return nullptr;
}

// What abort() comes to: a trap, which the caller sees, instead of an exit imported from the host.
void _Exit(int /*code*/) { __builtin_trap(); }

// Emscripten tells the host when memory grew, so that it renews its views. Ours looks at
// `memory.buffer` before each use instead (js/memory.ts), and so the module imports nothing.
void emscripten_notify_memory_growth(std::size_t /*memory_index*/) {}

}  // extern "C"
