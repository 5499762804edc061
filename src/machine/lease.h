// X4: the lease by which tabs take turns where there are no locks, as text in the storage.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "machine/milliseconds.h"

namespace bearerkit {

// Who may refresh (an id that is new at each claim), and until when.
std::string write_lease(std::uint64_t id, Milliseconds until);
// Whether the text that was found is a lease at `now`. One that is to last longer than `length` was
// made by another clock, and what is no lease is nobody's.
bool lease_holds(std::string_view text, Milliseconds now, Milliseconds length);

}  // namespace bearerkit
