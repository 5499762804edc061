#include "server.h"

#include <chrono>
#include <cstdio>

namespace bearerkit::sim {
namespace {

constexpr Time kServerEpochSeconds = 1'700'000'000;

void append_hex(std::string& out, std::uint32_t value) {
  static constexpr char kHex[] = "0123456789abcdef";
  for (int shift = 28; shift >= 0; shift -= 4) out += kHex[value >> shift & 15u];
}

std::string base64url(std::string_view bytes) {
  static constexpr char kDigits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6) out += kDigits[bits >> (count - 6) & 63u];
  }
  if (count > 0) out += kDigits[bits << (6 - count) & 63u];
  return out;
}

}  // namespace

std::uint32_t Server::issue_access(std::uint32_t family, Time now, std::uint32_t refresh) {
  AccessToken token;
  token.family = family;
  token.expires = now + settings_.access_life;
  token.issued = now;
  token.refresh = refresh;
  access_.push_back(token);
  families_[family].newest = static_cast<std::uint32_t>(access_.size() - 1);
  return families_[family].newest;
}

std::uint32_t Server::issue_refresh(std::uint32_t family) {
  RefreshToken token;
  token.family = family;
  refresh_.push_back(token);
  return static_cast<std::uint32_t>(refresh_.size() - 1);
}

Grant Server::sign_in(std::uint32_t user, Time now) {
  Family family;
  family.user = user;
  families_.push_back(family);
  const auto id = static_cast<std::uint32_t>(families_.size() - 1);
  const std::uint32_t refresh = issue_refresh(id);
  const Grant grant{true, false, issue_access(id, now, refresh), refresh};
  families_[id].current = grant.refresh;
  return grant;
}

Grant Server::redeem(std::uint32_t id, Time now) {
  if (id == kNone) return {};
  RefreshToken& presented = refresh_[id];
  Family& family = families_[presented.family];
  if (family.revoked) return {};
  if (id == family.current) {
    if (!settings_.rotates) return {true, false, issue_access(presented.family, now, id), id};
    const std::uint32_t family_id = presented.family;
    const std::uint32_t successor = issue_refresh(family_id);
    refresh_[id].successor = successor;  // `presented` may have moved
    refresh_[id].rotated = now;
    family.current = successor;
    return {true, false, issue_access(family_id, now, successor), successor};
  }
  if (presented.successor == family.current && now - presented.rotated < settings_.grace) {
    const std::uint32_t successor = presented.successor;
    return {true, true, issue_access(presented.family, now, successor), successor};
  }
  if (!settings_.ends_reused) return {};
  family.revoked = true;
  family.reused = true;
  family.lost_to = presented.excuse;
  return {};
}

bool Server::accepts(std::uint32_t id, Time now) const {
  if (id == kNone || now >= access_[id].expires) return false;
  return !settings_.checks_revocation || !families_[access_[id].family].revoked;
}

void Server::ban(std::uint32_t user) {
  for (std::size_t id = 1; id < families_.size(); id++) {
    if (families_[id].user == user) families_[id].revoked = true;
  }
}

std::string Server::refresh_text(std::uint32_t id) {
  std::string out = "rt-";
  append_hex(out, id);
  return out;
}

std::string Server::access_text(std::uint32_t id, Time now) const {
  std::string tail = "at-";
  append_hex(tail, id);
  const LifeTold told = settings_.life_told;
  const bool has_times = told == LifeTold::jwt_exp_and_iat || told == LifeTold::jwt_exp;
  if (!has_times && !settings_.names_users) return tail;
  std::string claims;
  if (has_times) claims += ",\"exp\":" + std::to_string(exp_of(id));
  if (told == LifeTold::jwt_exp_and_iat) {
    claims += ",\"iat\":" + std::to_string(kServerEpochSeconds + now / 1000);
  }
  if (settings_.names_users) {
    claims += ",\"iss\":\"https://idp.example\",\"sub\":\"user " +
              std::to_string(user_of(family_of(id))) + "\"";
  }
  claims[0] = '{';
  return base64url("{\"alg\":\"HS256\"}") + "." + base64url(claims + "}") + "." + tail;
}

Time Server::exp_of(std::uint32_t id) const {
  return kServerEpochSeconds + access_[id].issued / 1000 + settings_.access_life / 1000;
}

Time Server::date(Time now) const {
  return settings_.tells_date ? kServerEpochSeconds + (now + settings_.date_error) / 1000 : 0;
}

std::string http_date(Time seconds) {
  constexpr const char* kDays[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Time days = seconds / 86'400;
  const Time of_day = seconds % 86'400;
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
  char text[40];
  std::snprintf(text, sizeof text, "%s, %02u %s %04d %02lld:%02lld:%02lld GMT", kDays[days % 7],
                static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
                static_cast<int>(date.year()), static_cast<long long>(of_day / 3600),
                static_cast<long long>(of_day / 60 % 60), static_cast<long long>(of_day % 60));
  return text;
}

std::string Server::body(const Grant& grant, Time now, Mode mode) const {
  const bool json = settings_.json_dialect;
  std::string out = "{";
  if (mode != Mode::cookie) {
    out += json ? "\"accessToken\":\"" : "\"token_type\":\"Bearer\",\"access_token\":\"";
    out += access_text(grant.access, now);
    out += '"';
  }
  if (mode == Mode::bearer && settings_.gives_refresh_token &&
      (settings_.rotates || refresh_[grant.refresh].sent == 0)) {
    out += json ? ",\"refreshToken\":\"" : ",\"refresh_token\":\"";
    out += refresh_text(grant.refresh);
    out += '"';
  }
  if (settings_.life_told == LifeTold::expires_in) {
    if (out.size() > 1) out += ',';
    out += json ? "\"expiresIn\":" : "\"expires_in\":";
    out += std::to_string(settings_.access_life / 1000);
  }
  out += '}';
  return out;
}

std::uint32_t Server::id_of(std::string_view text) {
  if (text.size() < 11) return kNone;
  text = text.substr(text.size() - 11);
  if (text[1] != 't' || text[2] != '-') return kNone;
  std::uint32_t id = 0;
  for (const char c : text.substr(3)) {
    id = id << 4 | static_cast<std::uint32_t>(c <= '9' ? c - '0' : c - 'a' + 10);
  }
  return id;
}

}  // namespace bearerkit::sim
