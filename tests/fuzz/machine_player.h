// Plays the world around one Machine from a string of bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "../support/effect_loop.h"
#include "../support/inputs.h"
#include "machine/machine.h"
#include "machine_watch.h"

namespace bearerkit::fuzz {

class Player {
 public:
  Player(const std::uint8_t* data, std::size_t size);

  // Until the bytes are used up.
  void play();
  // The world does what it should from here on: nothing is left waiting, no timer runs in circles,
  // refreshes are few, and the session can be ended and begun again.
  void come_to_rest();

 private:
  using Place = Watch::Place;

  std::uint8_t byte();
  Settings settings();
  std::string tokens(std::uint8_t choice, Watch::Name session);
  std::string record(std::uint8_t choice, Mode mode);

  // ---- in ----

  void step(std::uint8_t choice);
  Milliseconds now();
  void give(const Input& input);
  void request(RequestKind kind, std::uint32_t flags);
  void respond();
  void abort_or_fail(bool abort);
  void sign_in(std::uint8_t choice);
  void sign_out();
  void hear(std::uint8_t choice);
  void interfere(std::uint8_t choice);
  void trouble(std::uint8_t choice);
  void pass_time(std::uint8_t choice);
  void tick();

  // ---- answers ----

  void answer(std::uint8_t place, std::uint8_t how, std::uint8_t which_tokens);
  void answer_sign_out(std::uint8_t how);
  void answer_lock(const Effect& effect, bool unavailable);
  void answer_read(const Effect& effect, bool fails);
  void answer_refresh(const Effect& effect, std::uint8_t how, std::uint8_t which_tokens);
  void fail_a_question(std::uint8_t place);
  void fail_anything(std::uint8_t kind, std::uint8_t which);

  // ---- out ----

  int drain();
  void drain_after(std::uint32_t instruction);
  void take(const Effect& effect);
  void act(const Effect& effect);
  void answer_all();

  const std::uint8_t* next_;
  const std::uint8_t* end_;
  bool no_locks_ = false;  // X4
  bool quick_ = false;     // the storage answers while effects are carried out
  Settings settings_;
  Milliseconds now_ = 1'700'000'000'000;
  std::optional<Milliseconds> odd_time_;  // of the next input
  Machine machine_;
  Watch watch_;
  EffectLoop loop_;
  std::uint32_t holds_ = 0;  // so many inputs leave effects behind
  bool pending_ = false;     // effects may be pending
  std::optional<std::string> stored_;
  std::optional<std::string>& lease_of(Lease kind) {
    return kind == Lease::turn ? lease_ : flight_;
  }

  std::optional<std::string> lease_;
  std::optional<std::string> flight_;  // R25
  std::set<std::string> own_leases_;
  std::string last_message_;
  std::string marks_;              // X11: of other tabs
  std::vector<Effect> questions_;  // effects that want an answer
  RunId asks_ = 0;                 // waits for the lock, which was asked for at the last input
  int deeds_ = 0;                  // effects, but for words
  bool revokes_ = false;           // a sign-out that the server has not answered
  std::uint32_t serial_ = 0;
  Watch::Name sign_ins_ = 100;  // names those sessions; others are of other tabs
  bool closed_ = false;
};

}  // namespace bearerkit::fuzz
