// A small world around one Session: a clock, a storage of one record, a lock that is granted or
// not, and a server that the test plays. Effects are carried out as js/driver.ts does.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "machine/session.h"

namespace bearerkit::test {

// RFC 6749 §5.1 and the camelCase dialect.
inline std::string oauth_tokens(const std::string& access, const std::string& refresh,
                                int expires_in = 900) {
  return R"({"access_token":")" + access + R"(","refresh_token":")" + refresh +
         R"(","token_type":"Bearer","expires_in":)" + std::to_string(expires_in) + "}";
}

inline std::string json_tokens(const std::string& access, const std::string& refresh,
                               int expires_in = 900) {
  return R"({"accessToken":")" + access + R"(","refreshToken":")" + refresh + R"(","expiresIn":)" +
         std::to_string(expires_in) + "}";
}

struct Emitted {
  Event event;
  std::uint32_t flags;
  std::uint32_t request;
  std::uint32_t generation;
  Milliseconds at;
};

struct Refreshing {
  std::uint32_t ticket;
  Dialect dialect;
  std::string token;
};

class World {
 public:
  explicit World(SessionConfig config = {}) : config(config), session(with_seed(config)) {}

  SessionConfig config;
  Session session;
  Milliseconds now = 1'700'000'000'000;

  std::optional<std::string> storage;
  bool storage_answers = true;
  bool storage_fails = false;  // S2: what is read; what is written is kept in memory then
  bool lock_is_free = true;
  bool has_locks = true;

  std::optional<std::string> lease;
  bool lease_is_kept = true;  // false: writing it fails, as in a full storage
  bool lease_fails = false;

  // What the machine asked for, in order.
  std::map<std::uint32_t, EffectKind> outcome;        // of a request: send, retry, deliver, settle
  std::map<std::uint32_t, std::uint32_t> send_flags;  // of send and retry
  std::map<std::uint32_t, ErrorCode> settled;
  std::vector<Refreshing> refreshes;
  std::vector<std::string> revoked;
  std::vector<std::string> messages;
  std::vector<Emitted> events;
  std::vector<Effect> held;  // storage and lock effects that were not answered
  int lock_wanted = 0, locks_held = 0, steals = 0, cancelled = 0, removed = 0, written = 0,
      leases = 0;

  void start() {
    session.handle_start(now);
    drain();
  }

  // A world that is signed in with access token "a1" and refresh token "r1".
  void sign_in(const std::string& tokens = oauth_tokens("a1", "r1")) {
    ASSERT_EQ(session.handle_sign_in(now, tokens).code, ErrorCode::none);
    drain();
  }

  std::uint32_t request(std::uint32_t flags = 0, RequestKind kind = RequestKind::fetch) {
    last = session.handle_request(now, kind, flags);
    drain();
    return last >> kVerdictIdShift;
  }

  // The answer to a request; true when it is delivered at once.
  bool answer(std::uint32_t id, std::uint32_t status, std::string_view challenge = {},
              bool final_origin_allowed = true) {
    last = session.handle_response(now, id, status, challenge, final_origin_allowed);
    drain();
    return (last & go) != 0;
  }

  void tokens(const std::string& body, std::uint32_t status = 200) {
    answer_refresh(RefreshAnswer{status, body, {}, {}, Override::none});
  }
  void answer_refresh(const RefreshAnswer& answer) {
    ASSERT_FALSE(refreshes.empty());
    session.handle_token_response(now, refreshes.back().ticket, answer);
    drain();
  }
  void refresh_fails(Override override_ = Override::none) {
    session.handle_refresh_error(now, refreshes.back().ticket, override_);
    drain();
  }

  void sign_out() {
    session.handle_sign_out(now);
    drain();
  }
  void pass(Milliseconds time) {
    now += time;
    while (session.poll_timeout() <= now) {
      session.handle_timeout(now);
      drain();
    }
  }
  void hear(std::string_view message) {
    session.handle_peer_message(now, message);
    drain();
  }
  void wake(std::uint32_t flags = page_visible) {
    session.handle_wake(now, flags);
    drain();
  }

  int count(Event event) const {
    int found = 0;
    for (const Emitted& emitted : events) found += emitted.event == event ? 1 : 0;
    return found;
  }
  // The reason of the only signedout event, or nullopt.
  std::optional<SignOutReason> sign_out_reason() const {
    if (count(Event::signedout) != 1) return std::nullopt;
    for (const Emitted& emitted : events) {
      if (emitted.event == Event::signedout) return static_cast<SignOutReason>(emitted.flags);
    }
    return std::nullopt;
  }
  Record stored() const {
    const Result<Record> record = read_record(storage.value_or(""), config.mode);
    EXPECT_TRUE(record.ok());
    return *record;
  }

  void drain() {
    Effect effect;
    std::vector<Effect> answers;
    while (session.poll_effect(effect)) {
      note(effect);
      answers.push_back(std::move(effect));
    }
    for (const Effect& each : answers) reply(each);
  }

  void reply(const Effect& effect) {
    switch (effect.kind) {
      case EffectKind::acquire_lock:
        if (!has_locks) {
          session.handle_lock_unavailable(now, effect.ticket);
          break;
        }
        if (!lock_is_free) {
          held.push_back(effect);
          return;
        }
        session.handle_lock_granted(now, effect.ticket);
        break;
      case EffectKind::read_storage:
        if (!storage_answers) {
          held.push_back(effect);
          return;
        }
        answer_read(effect);
        break;
      case EffectKind::write_storage:
        if (!storage_answers) {
          held.push_back(effect);
          return;
        }
        storage = effect.data;
        written++;
        session.handle_storage_written(now, effect.ticket);
        break;
      default:
        return;
    }
    drain();
  }

  std::uint32_t last = 0;

 private:
  void answer_read(const Effect& effect) {
    const auto purpose = static_cast<ReadPurpose>(effect.code);
    const bool of_lease = purpose == ReadPurpose::lease;
    const std::optional<std::string>& text = of_lease ? lease : storage;
    const bool fails = of_lease ? lease_fails : storage_fails;
    const ReadOutcome outcome = fails  ? ReadOutcome::failed
                                : text ? ReadOutcome::found
                                       : ReadOutcome::missing;
    session.handle_storage_read(now, purpose, effect.ticket, outcome, text.value_or(""));
  }

  static SessionConfig with_seed(SessionConfig config) {
    if (config.seed_low == 0) config.seed_low = 42;
    return config;
  }

  void note(const Effect& effect) {
    switch (effect.kind) {
      case EffectKind::send:
      case EffectKind::retry:
        send_flags[effect.request] = effect.flags;
        outcome[effect.request] = effect.kind;
        break;
      case EffectKind::settle:
        settled[effect.request] = static_cast<ErrorCode>(effect.code);
        outcome[effect.request] = effect.kind;
        break;
      case EffectKind::deliver:
        outcome[effect.request] = effect.kind;
        break;
      case EffectKind::acquire_lock:
        lock_wanted++;
        steals += effect.flags != 0 ? 1 : 0;
        locks_held++;
        break;
      case EffectKind::release_lock:
        locks_held--;
        break;
      case EffectKind::remove_storage:
        storage.reset();
        removed++;
        break;
      case EffectKind::write_lease:
        if (lease_is_kept) lease = effect.data;
        leases++;
        break;
      case EffectKind::remove_lease:
        if (lease == effect.data) lease.reset();
        break;
      case EffectKind::refresh:
        refreshes.push_back({effect.ticket, static_cast<Dialect>(effect.code), effect.data});
        break;
      case EffectKind::cancel_refresh:
        cancelled++;
        break;
      case EffectKind::revoke:
        revoked.push_back(effect.data);
        break;
      case EffectKind::broadcast:
        messages.push_back(effect.data);
        break;
      case EffectKind::emit:
        events.push_back({static_cast<Event>(effect.code), effect.flags, effect.request,
                          effect.generation, effect.at});
        break;
      default:
        break;
    }
  }
};

}  // namespace bearerkit::test
