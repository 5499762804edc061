#include "machine/session.h"

namespace bearerkit {
namespace {

// E7: the margin is at most this part of the token's life, so that a short life makes no loop.
constexpr double kMarginPart = 0.25;
// A record from further in the future than this was received by another clock (E5).
constexpr Milliseconds kClockSetBack = 60'000;

}  // namespace

// ---- the token ------------------------------------------------------------------------------

Milliseconds Session::margin() const {
  const Milliseconds most = (record_.deadline - record_.received) * kMarginPart;
  return settings_.refresh_margin < most ? settings_.refresh_margin : most;
}

Freshness Session::freshness(Milliseconds now) const {
  if (rejected_) return Freshness::expired;  // E6
  if (settings_.mode == Mode::hybrid && record_.access_token.empty()) return Freshness::expired;
  if (record_.deadline == kNever) return Freshness::fresh;              // E4: only a 401 tells
  if (now < record_.received - kClockSetBack) return Freshness::fresh;  // E5: no clock to go by
  if (now >= record_.deadline + settings_.leeway) return Freshness::expired;
  return now >= record_.deadline - margin() ? Freshness::margin : Freshness::fresh;
}

bool Session::refresh_possible() const {
  if (settings_.can_refresh == 0 || refused_) return false;
  return settings_.mode != Mode::bearer || settings_.refresh_needs_token == 0 ||
         !record_.refresh_token.empty();
}

// ---- requests -------------------------------------------------------------------------------

SentWith Session::sent_with(const Request& request, Milliseconds now) const {
  if (!exists() || request.session != record_.session) return SentWith::other_session;
  if (request.generation == token_generation()) return SentWith::current;
  return freshness(now) == Freshness::expired ? SentWith::outlived : SentWith::replaced;
}

Owner Session::owner(const Request& request) const {
  const bool ours = request.session == record_.session || request.session == 0;
  return exists() && ours ? Owner::this_session : Owner::no_session;
}

std::uint32_t Session::flags_for(const Request& request) const {
  if (settings_.mode == Mode::cookie) {
    // B9: to the own origin fetch sends them anyway; the caller's own word counts.
    const bool left_alone = (request.flags & (own_origin | caller_credentials)) != 0;
    return (left_alone ? 0u : credentials) | ((request.flags & unsafe_method) != 0 ? csrf : 0u);
  }
  return record_.access_token.empty() ? 0u : with_token;
}

// In cookie mode a login needs its cookie stored; but no old session's request gets the new user's
// cookie (L2).
std::uint32_t Session::plain_flags_for(const Request& request) const {
  if (settings_.mode != Mode::cookie) return 0;
  return exists() ? without_credentials : flags_for(request);
}

// ---- changes --------------------------------------------------------------------------------

// What was known of the last token says nothing of this one.
void Session::set(const Record& record) {
  record_ = record;
  rejected_ = false;
  refused_ = false;
  token_version_++;
}

void Session::begin(const Record& record) {
  set(record);
  standing_ = Standing::signed_in;
  written_back_ = false;
}

void Session::presume(std::uint64_t session) {
  Record presumed;
  presumed.session = session;
  set(presumed);
  put_off_ = false;
  standing_ = Standing::presumed;
}

void Session::name(const Record& record) {
  record_.session = record.session;
  record_.generation = record.generation;
  record_.identity = record.identity;
}

void Session::leave() {
  set(Record{});
  standing_ = Standing::signed_out;
  written_back_ = false;
}

// L9: in hybrid and cookie mode it is in memory only, and not in what another tab stored.
Text Session::kept_beside(const Record& record) const {
  return settings_.mode != Mode::bearer && record.kept.empty() ? record_.kept : record.kept;
}

bool Session::take_up(const Record& record) {
  const Text kept = kept_beside(record);
  set(record);
  record_.kept = kept;
  return std::exchange(standing_, Standing::signed_in) == Standing::presumed;
}

void Session::go_on_from(const Record& record) {
  const Text kept = kept_beside(record);
  record_ = record;
  record_.kept = kept;
  token_version_++;
}

}  // namespace bearerkit
