// A small world around one Machine: a clock, a storage of one record, a lock that is granted or
// not, and a server that the test plays.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "effect_loop.h"
#include "formats/bearer_challenge.h"
#include "inputs.h"
#include "machine/machine.h"
#include "machine/record.h"

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

// An effect that tells the app something.
struct Emitted {
  EffectKind kind;
  std::uint32_t value;  // source, reason, elsewhere, code or cause
  std::uint32_t request;
  std::uint32_t generation;
  Milliseconds at;
  std::uint32_t cause = 0;  // R19; on the timeline the method and the status; a warning's flaws
};

struct Refreshing {
  RunId run;
  Dialect dialect;
  std::string token;
  std::string access_token;
};

// The answer of a server to a refresh.
struct RefreshAnswer {
  std::uint32_t status = 0;
  std::string body;
  std::string retry_after;
  std::string date;
  Override override_ = Override::none;
};

class World {
 public:
  explicit World(Settings config = {}) : config(config), machine(with_seed(config)) {}

  Settings config;
  Machine machine;
  Milliseconds now = 1'700'000'000'000;

  std::optional<std::string> storage;
  bool storage_answers = true;
  bool storage_removes = true;
  bool storage_fails = false;  // S2: what is read; what is written is kept in memory then
  bool lock_is_free = true;
  bool has_locks = true;

  std::optional<std::string> lease;
  bool lease_is_kept = true;  // false: writing it fails, as in a full storage
  bool lease_fails = false;
  std::optional<std::string> flight;  // R25: the note of a refresh

  std::string mark;                       // X11: that it holds
  std::optional<std::string> marks = "";  // of the other tabs; nullopt: there are none to be had

  // What the machine asked for, in order.
  std::map<RequestId, EffectKind> outcome;        // of a request: send, retry, deliver, finish
  std::map<RequestId, std::uint32_t> send_flags;  // of send and retry
  std::map<RequestId, std::string> sent_with;     // the same: the access token
  std::map<RequestId, ErrorCode> finished;
  std::map<RequestId, Effect::Finish> finishes;
  std::vector<Refreshing> refreshes;
  std::vector<std::string> revoked;       // refresh tokens
  std::vector<std::string> revoked_with;  // the access token that goes with each
  std::vector<std::string> messages;
  std::vector<StepUp> challenges;
  std::vector<Emitted> events;
  std::vector<Effect> held;  // storage and lock effects that were not answered
  int lock_wanted = 0, locks_held = 0, steals = 0, cancelled = 0, removed = 0, written = 0,
      leases = 0;

  ErrorCode tell(const Input& input) {
    const ErrorCode error = machine.handle(now, input);
    drain();
    return error;
  }

  void start() { tell(inputs::of(InputKind::start)); }

  // A world that is signed in with access token "a1" and refresh token "r1".
  void sign_in(const std::string& tokens = oauth_tokens("a1", "r1")) {
    ASSERT_EQ(tell(inputs::sign_in(tokens)), ErrorCode::none);
  }

  RequestId request(std::uint32_t flags = 0, RequestKind kind = RequestKind::fetch) {
    last = machine.handle_request(now, kind, flags);
    drain();
    return last >> kInstructionIdShift;
  }

  // The answer to a request; true when it is delivered at once.
  bool answer(RequestId id, std::uint32_t status, std::string_view challenge = {},
              bool final_origin_allowed = true) {
    last = machine.handle_response(now, id, status, challenge, final_origin_allowed);
    drain();
    return (last & go) != 0;
  }

  void tokens(const std::string& body, std::uint32_t status = 200) {
    answer_refresh(RefreshAnswer{status, body, {}, {}, Override::none});
  }
  void answer_refresh(const RefreshAnswer& answer) {
    ASSERT_FALSE(refreshes.empty());
    answer_refresh(refreshes.back().run, answer);
  }
  void answer_refresh(RunId run, const RefreshAnswer& answer) {
    tell(inputs::token_response(run, answer.status, answer.body, answer.retry_after, answer.date,
                                answer.override_));
  }
  // R24: a refused cookie is tried once more.
  void refuse_twice() {
    tokens("", 401);
    pass(1'000);
    tokens("", 401);
  }
  void refresh_fails(Override override_ = Override::none) {
    tell(inputs::refresh_error(refreshes.back().run, override_));
  }

  void sign_out() { tell(inputs::of(InputKind::sign_out)); }
  void pass(Milliseconds time) {
    now += time;
    while (machine.poll_timeout() <= now) tell(inputs::of(InputKind::timeout));
  }
  void hear(std::string_view message) { tell(inputs::peer_message(message)); }
  void wake(std::uint32_t flags = page_visible) { tell(inputs::wake(flags)); }

  int count(EffectKind kind) const {
    int found = 0;
    for (const Emitted& emitted : events) found += emitted.kind == kind ? 1 : 0;
    return found;
  }
  // The reason of the only signedout event, or nullopt.
  std::optional<SignOutReason> sign_out_reason() const {
    if (count(EffectKind::signedout) != 1) return std::nullopt;
    for (const Emitted& emitted : events) {
      if (emitted.kind == EffectKind::signedout) return static_cast<SignOutReason>(emitted.value);
    }
    return std::nullopt;
  }
  Record stored() const {
    const Result<Record> record = read_record(storage.value_or(""), config.mode);
    EXPECT_TRUE(record.ok());
    return *record;
  }

  void drain() {
    loop.run(machine, [this](const Effect& effect) {
      note(effect);
      reply(effect);
    });
  }

  // Answers an effect, unless it is one that this world holds back.
  void reply(const Effect& effect) {
    switch (effect.kind) {
      case EffectKind::acquire_lock:
        if (!has_locks) {
          tell(inputs::lock_unavailable(effect.acquire_lock.run));
        } else if (lock_is_free) {
          tell(inputs::lock_granted(effect.acquire_lock.run));
        } else {
          held.push_back(effect);
        }
        return;
      case EffectKind::read_storage:
        if (storage_answers) return answer_read(effect);
        held.push_back(effect);
        return;
      case EffectKind::write_storage:
        if (!storage_answers) {
          held.push_back(effect);
          return;
        }
        storage = effect.text;
        written++;
        tell(inputs::storage_written(effect.write_storage.operation));
        return;
      default:
        return;
    }
  }

  std::uint32_t last = 0;

 private:
  EffectLoop loop;

  void answer_read(const Effect& effect) {
    const auto [operation, purpose] = effect.read_storage;
    const std::optional<std::string>& text = text_for(purpose);
    const bool fails = purpose == ReadPurpose::marks   ? !marks
                       : purpose == ReadPurpose::lease ? lease_fails
                                                       : storage_fails;
    const ReadOutcome outcome = fails  ? ReadOutcome::failed
                                : text ? ReadOutcome::found
                                       : ReadOutcome::missing;
    const std::string found = text.value_or("");
    tell(inputs::storage_read(purpose, operation, outcome, found));
  }

  const std::optional<std::string>& text_for(ReadPurpose purpose) const {
    if (purpose == ReadPurpose::marks) return marks;
    if (purpose == ReadPurpose::lease) return lease;
    return purpose == ReadPurpose::flight ? flight : storage;
  }

  std::optional<std::string>& text_of(Lease kind) { return kind == Lease::turn ? lease : flight; }

  static Settings with_seed(Settings config) {
    if (config.seed_low == 0) config.seed_low = 42;
    return config;
  }

  void emitted(const Effect& effect, std::uint32_t value, Milliseconds at = 0) {
    events.push_back({effect.kind, value, 0, machine.generation(), at});
  }

  void note(const Effect& effect) {
    switch (effect.kind) {
      case EffectKind::send:
      case EffectKind::retry:
        send_flags[effect.send.request] = effect.send.flags;
        sent_with[effect.send.request] = effect.access_token.view();
        outcome[effect.send.request] = effect.kind;
        break;
      case EffectKind::finish:
        finished[effect.finish.request] = effect.finish.error;
        finishes[effect.finish.request] = effect.finish;
        outcome[effect.finish.request] = effect.kind;
        break;
      case EffectKind::deliver:
        outcome[effect.deliver.request] = effect.kind;
        break;
      case EffectKind::acquire_lock:
        lock_wanted++;
        steals += effect.acquire_lock.steal != 0 ? 1 : 0;
        locks_held++;
        break;
      case EffectKind::release_lock:
        locks_held--;
        break;
      case EffectKind::remove_storage:
        if (!storage_removes) {
          held.push_back(effect);
          return;
        }
        storage.reset();
        removed++;
        break;
      case EffectKind::write_lease:
        if (lease_is_kept) text_of(effect.write_lease.lease) = effect.text;
        leases += effect.write_lease.lease == Lease::turn ? 1 : 0;
        break;
      case EffectKind::mark:
        mark = effect.text;
        break;
      case EffectKind::remove_lease:
        if (text_of(effect.remove_lease.lease) == effect.text) {
          text_of(effect.remove_lease.lease).reset();
        }
        break;
      case EffectKind::refresh:
        refreshes.push_back({effect.refresh.run, effect.refresh.dialect, effect.text,
                             std::string(effect.access_token.view())});
        break;
      case EffectKind::cancel_refresh:
        cancelled++;
        break;
      case EffectKind::revoke:
        revoked.push_back(effect.text);
        revoked_with.emplace_back(effect.access_token.view());
        break;
      case EffectKind::broadcast:
        messages.push_back(effect.text);
        break;
      default:
        note_event(effect);
        break;
    }
  }

  void note_event(const Effect& effect) {
    switch (effect.kind) {
      case EffectKind::signedin:
        return emitted(effect, static_cast<std::uint32_t>(effect.signedin.source));
      case EffectKind::signedout:
        emitted(effect, static_cast<std::uint32_t>(effect.signedout.reason));
        events.back().cause = effect.signedout.cause;
        return;
      case EffectKind::refreshed:
        return emitted(effect, effect.refreshed.elsewhere);
      case EffectKind::refreshfailed:
        emitted(effect, 0, effect.refreshfailed.retry_at);
        events.back().cause = effect.refreshfailed.cause;
        return;
      case EffectKind::warning:
        emitted(effect, static_cast<std::uint32_t>(effect.warning.code));
        events.back().cause = effect.warning.flaws;
        return;
      case EffectKind::challenge: {
        const std::string_view text = effect.text;
        const std::size_t end = text.find('\n');
        challenges.push_back(
            {Text(text.substr(0, end)), {effect.challenge.max_age}, Text(text.substr(end + 1))});
        return emitted(effect, 0);
      }
      case EffectKind::timeline: {
        const auto& [cause, request, generation, answer, at] = effect.timeline;
        events.push_back(
            {effect.kind, static_cast<std::uint32_t>(cause), request, generation, at, answer});
        return;
      }
      default:
        return;
    }
  }
};

}  // namespace bearerkit::test
