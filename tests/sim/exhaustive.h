// Every interleaving of a small world to its end.
#pragma once

#include "settings.h"

namespace bearerkit::sim {

// 0 when all invariants hold in all of them. Prints what it finds and counts.
int explore(const Options& options);

}  // namespace bearerkit::sim
