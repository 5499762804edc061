// Plays the world around one Session from a string of bytes, and checks it at every step.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fuzz.h"
#include "session.h"

namespace bearerkit::fuzz {

class Player {
 public:
  Player(const std::uint8_t* data, std::size_t size);

  // Until the bytes are used up.
  void play();
  // Every question is answered, time passes: nothing may be left waiting.
  void come_to_rest();

 private:
  enum class Place { unsent, on_its_way, answered, settled };
  struct Call {
    RequestKind kind = RequestKind::fetch;
    bool foreign = false;
    int sends = 0;
    Place place = Place::unsent;
  };

  std::uint8_t byte();
  SessionConfig config();
  std::string tokens();
  std::string record(std::uint8_t choice);

  void step(std::uint8_t choice);
  void request();
  void respond();
  void abort_or_fail(bool abort);
  void sign_out();
  void pass_time(std::uint8_t choice);
  void tick();
  void answer(std::uint8_t place, std::uint8_t how);
  void answer_refresh(const Effect& effect, std::uint8_t how);

  void sent(std::uint32_t id, std::uint32_t flags);
  void drain();
  void note(const Effect& effect);
  void write(const Effect& effect);
  void finish(std::uint32_t id, Place from);
  std::uint32_t pick(Place place);

  const std::uint8_t* next_;
  const std::uint8_t* end_;
  SessionConfig config_;
  Milliseconds now_ = 1'700'000'000'000;
  Session session_;
  std::optional<std::string> stored_;
  std::string last_message_;
  std::map<std::uint32_t, Call> calls_;  // those that are not settled
  std::vector<Effect> questions_;        // effects that want an answer
  std::set<std::uint64_t> signed_out_;   // sessions that the user ended here
  std::uint32_t serial_ = 0;
  bool closed_ = false;
};

}  // namespace bearerkit::fuzz
