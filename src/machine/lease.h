// A lease, as text beside the record in the storage: whose turn it is where there are no locks
// (X4), and whether a refresh is under way whose page may be gone (R25).
#pragma once

#include <cstdint>
#include <string_view>

#include "formats/text.h"
#include "machine/milliseconds.h"

namespace bearerkit {

// Whose it is (an id that is new at each claim), and until when.
Text write_lease(std::uint64_t id, Milliseconds until);
// Its end; 0 for what is no lease.
Milliseconds lease_end(std::string_view text);
// Whether the text that was found is a lease at `now`. One that is to last longer than `length` was
// made by another clock, and what is no lease is nobody's.
bool lease_holds(std::string_view text, Milliseconds now, Milliseconds length);

}  // namespace bearerkit
