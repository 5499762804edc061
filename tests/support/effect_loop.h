// The loop that everybody who drives a machine has.
#pragma once

#include <utility>

#include "machine/machine.h"

namespace bearerkit {

// Carries out effects until none is left. An effect may bring the next input before it returns:
// what that one wants done comes behind what is there already.
class EffectLoop {
 public:
  // `perform` takes an Effect. Gives how many there were; 0 while another one is carried out.
  template <typename Perform>
  int run(Machine& machine, Perform perform) {
    if (std::exchange(running_, true)) return 0;
    int count = 0;
    for (Effect effect; machine.poll_effect(effect); count++) perform(std::as_const(effect));
    running_ = false;
    return count;
  }

  bool running() const { return running_; }

 private:
  bool running_ = false;
};

}  // namespace bearerkit
