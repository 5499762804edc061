// What the storage holds, seen from the session that this client holds (X1, X3, R7, S3, S4).
#pragma once

#include <string_view>

#include "machine/ended_sessions.h"
#include "machine/record.h"
#include "machine/refresh_table.h"
#include "machine/session.h"
#include "machine/stored_table.h"

namespace bearerkit {

struct Found {
  Stored stored = Stored::unreadable;
  Record record;  // where there is one
};

// Pure: what was read, compared with what this client holds. `newest` is the newest generation of
// its session that it knows of.
Found look_at_record(ReadOutcome outcome, std::string_view text, const Session& session,
                     std::uint32_t newest, const EndedSessions& ended, const Settings& settings,
                     Milliseconds now);

// Pure: the same for what another tab has handed over (X9): newer, stale, handed, or same.
Stored look_at_handed(const Record& handed, const Session& session, std::uint32_t newest,
                      const EndedSessions& ended, const Settings& settings, Milliseconds now);

// Pure: the same for a refresh that has its turn.
RefreshEvent refresh_event_of(Stored stored, const Session& session, const Settings& settings);

}  // namespace bearerkit
