// Who is signed in, and with which tokens.
#pragma once

#include <cstdint>
#include <utility>

#include "machine/answer_table.h"
#include "machine/record.h"
#include "machine/request_table.h"
#include "machine/requests.h"
#include "machine/settings.h"

namespace bearerkit {

// Two numbers tell what is out of date. The session's id is new at every sign-in; the generation
// counts the token sets of one session. A late 401, a lost lock, a sign-out and a sign-in in the
// middle of a refresh all show as other numbers than those at the start.
class Session {
 public:
  explicit Session(const Settings& settings) : settings_(settings) {}

  Standing standing() const { return standing_; }
  bool signed_in() const { return standing_ == Standing::signed_in; }
  bool presumed() const { return standing_ == Standing::presumed; }
  // C5: it is not known yet whether anybody is signed in. What is not asked, or has failed once,
  // counts as nobody.
  bool restoring() const {
    return standing_ == Standing::starting ||
           (presumed() && settings_.mode == Mode::hybrid && !put_off_);
  }
  // Signed in, or presumed so.
  bool exists() const { return signed_in() || presumed(); }
  const Record& record() const { return record_; }
  // X9: what was sent without a token was not sent with the one that another tab hands over.
  std::uint32_t token_generation() const {
    return settings_.mode == Mode::hybrid && record_.access_token.empty() ? 0 : record_.generation;
  }
  // Changes whenever the access token may have changed.
  std::uint32_t token_version() const { return token_version_; }

  // ---- the token, seen from `now` ----

  Freshness freshness(Milliseconds now) const;
  bool token_usable(Milliseconds now) const {
    return exists() && freshness(now) != Freshness::expired;
  }
  // R11: when it comes near its end; kNever when that is not known.
  Milliseconds margin_begins() const { return rejected_ ? 0 : record_.deadline - margin(); }
  bool refresh_possible() const;

  // ---- requests ----

  SentWith sent_with(const Request& request, Milliseconds now) const;
  // L2: of the session that is signed in now, or begun before it was known which one that is.
  Owner owner(const Request& request) const;
  // C1, C2: InstructionFlag bits of what goes with a request of the session (B1).
  std::uint32_t flags_for(const Request& request) const;
  // The same for one that belongs to no session, or to one that is over.
  std::uint32_t plain_flags_for(const Request& request) const;

  // ---- changes ----

  void begin(const Record& record);
  // C1, C4: there may be a session; whether there is one, only the cookie knows.
  void presume(std::uint64_t session);
  // C4: the presumed session is this one.
  void name(const Record& record);
  void leave();
  // C5: whether the presumed session exists could not be found out for the moment.
  void put_off() { put_off_ = true; }
  // Nobody is signed in; what is known of the last session stays.
  void stand_down() { standing_ = Standing::signed_out; }
  // New tokens of this session. Gives whether it was presumed until now.
  bool take_up(const Record& record);
  // Tokens of this session that have expired as well.
  void go_on_from(const Record& record);
  void reject_token() { rejected_ = true; }  // E6
  bool rejected() const { return rejected_; }
  // R18: the server will give no more tokens: it ends with the one it has, unless others come.
  void refuse() { refused_ = true; }
  bool refused() const { return refused_; }
  // L1: true the first time in a session.
  bool write_back_once() { return !std::exchange(written_back_, true); }

 private:
  Milliseconds margin() const;
  void set(const Record& record);
  Text kept_beside(const Record& record) const;

  Standing standing_ = Standing::starting;
  bool rejected_ = false;      // E6: the server refused the current token
  bool refused_ = false;       // R18
  bool written_back_ = false;  // L1: its record was put back where an ended session's stood
  bool put_off_ = false;       // C5: of a presumed session: the first refresh failed
  Record record_;
  std::uint32_t token_version_ = 0;
  const Settings settings_;
};

}  // namespace bearerkit
