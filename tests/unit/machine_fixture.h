// A world that is signed in, in bearer mode with a storage that tabs share, with one request sent.
#pragma once

#include <cstdint>
#include <string>

#include "machine_world.h"

namespace bearerkit::test {

inline constexpr Milliseconds kSecond = 1000;

inline Settings with_mode(Mode mode, bool shared = true) {
  Settings config;
  config.mode = mode;
  config.shared_storage = shared;
  return config;
}

inline std::string record_of(std::uint64_t session, std::uint32_t generation,
                             const std::string& access, const std::string& refresh,
                             Milliseconds deadline = kNever) {
  Record record;
  record.session = session;
  record.generation = generation;
  record.access_token = Text(access);
  record.refresh_token = Text(refresh);
  record.deadline = deadline;
  return write_record(record, Mode::bearer);
}

// As cookies leave it: without a token.
inline std::string record_of_session(std::uint64_t session, std::uint32_t generation, Mode mode) {
  Record record;
  record.session = session;
  record.generation = generation;
  return write_record(record, mode);
}

class SignedIn : public ::testing::Test {
 protected:
  World world{with_mode(Mode::bearer)};
  std::uint32_t id = 0;
  void SetUp() override {
    world.start();
    world.sign_in();
    id = world.request();
  }
  // What another tab would have stored.
  std::string newer(const std::string& access, const std::string& refresh) {
    const Record record = world.stored();
    return record_of(record.session, record.generation + 1, access, refresh);
  }
};

}  // namespace bearerkit::test
