// Plays the world around one Session from a string of bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "machine/session.h"
#include "session_watch.h"

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
  SessionConfig config();
  std::string tokens(std::uint8_t choice);
  std::string record(std::uint8_t choice);

  void step(std::uint8_t choice);
  void request(RequestKind kind, std::uint32_t flags);
  void respond();
  void abort_or_fail(bool abort);
  void sign_in(const std::string& tokens);
  void sign_out();
  void hear(std::uint8_t choice);
  void interfere(std::uint8_t choice);
  void pass_time(std::uint8_t choice);
  void tick();

  void answer(std::uint8_t place, std::uint8_t how, std::uint8_t which_tokens);
  void answer_lock(const Effect& effect, bool unavailable);
  void answer_read(const Effect& effect, bool fails);
  void answer_refresh(const Effect& effect, std::uint8_t how, std::uint8_t which_tokens);

  int drain();
  void act(const Effect& effect);
  void settle();

  const std::uint8_t* next_;
  const std::uint8_t* end_;
  bool no_locks_ = false;  // X4
  SessionConfig config_;
  Milliseconds now_ = 1'700'000'000'000;
  Session session_;
  Watch watch_;
  std::optional<std::string> stored_;
  std::optional<std::string> lease_;
  std::set<std::string> own_leases_;
  std::string last_message_;
  std::vector<Effect> questions_;  // effects that want an answer
  std::uint32_t serial_ = 0;
  bool closed_ = false;
};

}  // namespace bearerkit::fuzz
