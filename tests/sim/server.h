// The authorization server and the API behind it: users, families of refresh tokens with rotation,
// reuse detection and a grace window (RFC 9700 §4.14.2), access tokens with a life. It has the true
// clock, never fails by itself, and does not know of the client.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "settings.h"

namespace bearerkit::sim {

inline constexpr std::uint32_t kNone = 0;  // no token, no family: ids begin at 1

struct AccessToken {
  std::uint32_t family = kNone;
  Time expires = 0;
  Time issued = 0;
  // How the simulator keeps account of it: see invariants.h, one_refresh_per_expiry.
  std::uint32_t needless = 0;  // refreshes before its own
  std::uint8_t taken_by = 0;   // the tab that it was given to
  std::uint16_t taken_life = 0;
  bool taken = false;
  Time taken_at = 0;
  std::uint32_t refresh = kNone;  // the refresh token that is given with it
};

struct RefreshToken {
  std::uint32_t family = kNone;
  std::uint32_t successor = kNone;
  Time rotated = 0;
  // How the simulator keeps account of it: see invariants.h, redeemed_twice.
  std::uint32_t sent = 0;         // so often a client sent it
  Time sent_at = 0;               // the last time
  std::uint8_t first_tab = 0;     // and from where first
  std::uint8_t reloaded_tab = 0;  // Fault::reload_in_flight: whose page went
  std::uint16_t first_life = 0;
  std::uint32_t in_flight = 0;  // of these still under way
  bool used = false;            // the server gave its successor
  bool overtaken = false;       // Fault::cookie_overtaken
  bool not_stored = false;      // which a tab without a storage keeps to itself
  Fault excuse = Fault::none;   // what may have kept the successor from the client
};

struct Family {
  std::uint32_t user = 0;
  std::uint32_t current = kNone;  // refresh token
  std::uint32_t newest = kNone;   // access token
  bool revoked = false;
  Fault lost_to = Fault::none;  // a replay that came too late revoked it; after this fault
  bool reused = false;
  bool reverted = false;  // Fault::storage_reverted: no tab can know what is the newest token
  // The client's side, for the invariants.
  bool came_late = false;  // its cookie came before its record, or replaced that of a newer session
  bool redeemed_early = false;  // the first of these, and another tab has redeemed the cookie then
  bool signed_out = false;      // the user asked for it, or signed in anew over it
};

struct Grant {
  bool granted = false;
  bool replayed = false;
  std::uint32_t access = kNone;
  std::uint32_t refresh = kNone;
};

class Server {
 public:
  explicit Server(const ServerSettings& settings) : settings_(settings) {}

  Grant sign_in(std::uint32_t user, Time now);
  Grant redeem(std::uint32_t refresh_token, Time now);
  bool accepts(std::uint32_t access_token, Time now) const;
  void end_family(std::uint32_t family) { families_[family].revoked = true; }
  // All sessions of the user end; the user may sign in again.
  void ban(std::uint32_t user);

  const AccessToken& access(std::uint32_t id) const { return access_[id]; }
  RefreshToken& refresh(std::uint32_t id) { return refresh_[id]; }
  const RefreshToken& refresh(std::uint32_t id) const { return refresh_[id]; }
  Family& family(std::uint32_t id) { return families_[id]; }
  const Family& family(std::uint32_t id) const { return families_[id]; }
  AccessToken& access(std::uint32_t id) { return access_[id]; }
  // 0 for no token.
  std::uint32_t user_of(std::uint32_t family) const { return families_[family].user; }
  std::uint32_t family_of(std::uint32_t access_token) const { return access_[access_token].family; }
  std::size_t families() const { return families_.size(); }
  const ServerSettings& settings() const { return settings_; }

  // Seconds since 1970 as the server tells them; 0: it does not.
  Time date(Time now) const;
  Time exp_of(std::uint32_t access_token) const;  // the claim
  // The body of a successful answer (RFC 6749 §5.1, or camelCase). Without `tokens_in_page` it
  // holds no refresh token (hybrid).
  std::string body(const Grant& grant, Time now, Mode mode) const;
  // As it stands in an Authorization header; the id can be read from it.
  std::string access_text(std::uint32_t id, Time now) const;
  static std::string refresh_text(std::uint32_t id);
  // kNone for what is no token of ours.
  static std::uint32_t id_of(std::string_view token_text);

 private:
  std::uint32_t issue_access(std::uint32_t family, Time now, std::uint32_t refresh);
  std::uint32_t issue_refresh(std::uint32_t family);

  ServerSettings settings_;
  std::vector<AccessToken> access_{1};
  std::vector<RefreshToken> refresh_{1};
  std::vector<Family> families_{1};
};

// RFC 9110 §5.6.7
std::string http_date(Time seconds_since_1970);

}  // namespace bearerkit::sim
