#include "machine/stored.h"

#include <utility>

namespace bearerkit {
namespace {

Stored compare(const Record& found, const Session& session, std::uint32_t newest,
               const EndedSessions& ended, const Settings& settings, Milliseconds now) {
  if (found.is_refusal()) {
    // C7: the user has signed out, of this session or of one that took its place. What is older was
    // written over this session's record, and so was the server's no.
    const Record& own = session.record();
    const bool newer = own.received != 0 && found.received >= own.received;
    const bool left = found.session != 0 && (found.session == own.session || newer);
    return left ? Stored::missing : Stored::refused;
  }
  if (ended.has(found.session)) return Stored::ended;
  if (found.session != session.record().session) return Stored::other;
  if (found.generation <= newest) return Stored::same;
  // C4: the record tells that another tab's turn is over, but not its access token.
  if (settings.mode == Mode::hybrid) return Stored::turn;
  return now >= found.deadline + settings.leeway ? Stored::stale : Stored::newer;
}

}  // namespace

Found look_at_record(ReadOutcome outcome, std::string_view text, const Session& session,
                     std::uint32_t newest, const EndedSessions& ended, const Settings& settings,
                     Milliseconds now) {
  Found found;
  if (outcome == ReadOutcome::failed) return found;
  if (outcome == ReadOutcome::missing) {
    found.stored = Stored::missing;
    return found;
  }
  const Result<Record> record = read_record(text, settings.mode);
  found.stored = Stored::corrupt;
  if (!record) return found;
  found.record = *record;
  found.stored = compare(*record, session, newest, ended, settings, now);
  return found;
}

Stored look_at_handed(const Record& handed, const Session& session, std::uint32_t newest,
                      const EndedSessions& ended, const Settings& settings, Milliseconds now) {
  const Record& own = session.record();
  if (handed.session == 0 || !session.exists() || ended.has(handed.session)) return Stored::same;
  const bool expired = now >= handed.deadline + settings.leeway;
  const bool ours = handed.session == own.session;
  if (settings.mode != Mode::hybrid) {
    if (!ours || handed.generation <= newest) return Stored::same;
    return expired ? Stored::stale : Stored::newer;
  }
  // C4: which session it is that was presumed without a record, only the cookie knows.
  if (expired || (!ours && own.generation != 0)) return Stored::same;
  const bool newer = handed.generation > own.generation || own.access_token.empty();
  return newer && handed.generation >= own.generation ? Stored::handed : Stored::same;
}

RefreshEvent refresh_event_of(Stored stored, const Session& session, const Settings& settings) {
  // C4: a session that was presumed without a record has none to lose.
  const bool has_record = !session.presumed() || session.record().generation != 0;
  switch (stored) {
    case Stored::missing:
      return has_record ? RefreshEvent::record_missing : RefreshEvent::record_same;
    case Stored::corrupt:
      return has_record ? RefreshEvent::record_corrupt : RefreshEvent::record_same;
    case Stored::turn:
      return RefreshEvent::record_turn;
    case Stored::newer:
    case Stored::handed:
      return RefreshEvent::record_newer;
    case Stored::stale:
      return RefreshEvent::record_stale;
    case Stored::other:
      return settings.mode == Mode::hybrid && session.presumed() ? RefreshEvent::record_names_it
                                                                 : RefreshEvent::record_other;
    // L1: a session that has ended is replaced by the commit. R10: so is what cannot be read.
    case Stored::unreadable:
    case Stored::ended:
    case Stored::refused:
    case Stored::same:
      return RefreshEvent::record_same;
  }
  return RefreshEvent::record_same;
}

}  // namespace bearerkit
