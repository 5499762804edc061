// The machine under any sequence of inputs at any times: each request settles exactly once (R10)
// and is sent again at most once (F6), no token goes to a foreign origin (B2) or with what is of
// another session (L2), nothing of a session that was signed out is stored (L1), messages to tabs
// hold no token (X3), and once the world answers again, nothing waits and no timer runs in circles.
// Effects may throw, wait while more comes in, or be answered before the next one is taken (R13).
#include "fuzz.h"
#include "machine_player.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  bearerkit::fuzz::Player player(data, size);
  player.play();
  player.come_to_rest();
  return 0;
}
