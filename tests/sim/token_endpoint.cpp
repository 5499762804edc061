// Refreshes at the server, and the account of sessions that it ends because a token came twice.
#include "world_input.h"

namespace bearerkit::sim {
namespace {

// A grace window in which a client that is awake surely tries again: the time-out of a refresh and
// the longest Retry-After here, with the longest wait for the lock.
constexpr Time kLongEnough = 60'000;

}  // namespace

void World::serve_redeem(std::uint32_t place) {
  Job& job = jobs_[place];
  Time wait = delay(30);
  const bool known = job.refresh != kNone;
  const bool alive_before = known && !server_.family(job.family).revoked;
  job.date = server_.date(now_);
  wait += settings_.server.redeem_latency;
  if (rotate_elsewhere(job)) return schedule(wait, Happening::redeemed, job.tab, place);
  const std::uint32_t before = known ? server_.family(job.family).newest : kNone;
  job.grant = server_.redeem(job.refresh, now_);
  if (job.grant.granted) {
    wait += grant_tokens(job);
    check_needless(job, before);
  } else {
    const bool reuse = alive_before && server_.family(job.family).reused;
    trace_.add(now_, kWorld, Note::refuses, job.refresh, job.family, reuse);
    if (reuse) account_for_reuse(job);
    const bool empty_401 = chance_.coin();
    job.status = empty_401 ? 401 : 400;
    job.body = empty_401 ? "" : "{\"error\":\"invalid_grant\"}";
  }
  schedule(wait, Happening::redeemed, job.tab, place);
}

// Gives the time that the answer takes longer than usual.
Time World::grant_tokens(Job& job) {
  stats_.rotations += job.grant.replayed ? 0 : 1;
  stats_.replays += job.grant.replayed ? 1 : 0;
  if (settings_.server.rotates) server_.refresh(job.refresh).used = true;
  trace_.add(now_, kWorld, job.grant.replayed ? Note::replays : Note::rotates, job.refresh,
             job.grant.refresh, job.family);
  job.status = 200;
  job.body = server_.body(job.grant, now_, settings_.mode);
  if (settings_.mode == Mode::cookie && chance_.coin()) job.body.clear();  // a 204
  Time longer = 0;
  if (hits(Fault::answer_lost)) {
    job.fault = Fault::answer_lost;
    if (job.kept_alive) server_.refresh(job.refresh).excuse = job.fault;
    job.status = 0;
    longer = chance_.between(0, 12'000);
  } else if (hits(Fault::bad_gateway)) {
    job.fault = Fault::bad_gateway;
    job.status = 502;
    job.body = kHtml;
  } else if (settings_.mode != Mode::cookie && hits(Fault::broken_answer)) {
    job.fault = Fault::broken_answer;
    job.body.resize(chance_.coin() ? 0 : job.body.size() / 2);
  } else if (hits(Fault::slow)) {
    longer = chance_.between(5'000, 25'000);
  }
  if (job.fault != Fault::none) excuse(job.refresh, job.fault);
  return longer;
}

void World::account_for_reuse(const Job& job) {
  const RefreshToken& token = server_.refresh(job.refresh);
  const Fault fault = job.blame != Fault::none ? job.blame : token.excuse;
  const bool in_time = now_ - token.rotated < settings_.server.grace;
  auto& lost = settings_.server.grace == 0 ? stats_.lost_no_grace
               : in_time                   ? stats_.lost_in_grace
                                           : stats_.lost_after_grace;
  lost[static_cast<std::size_t>(fault)]++;
  if (fault == Fault::none) fail(Invariant::lost_without_fault, job.tab);
  if (fault == Fault::reload_in_flight && keeps_note(job.tab, token)) {
    fail(Invariant::rotation_kept, job.tab, "the session is lost");
  }
  // A tab without a storage cannot know what the others have redeemed since.
  const Tab& first = tabs_[token.first_tab];
  const bool idle = settings_.server.grace >= kLongEnough && token.sent == 2 && first.awake() &&
                    first.life == token.first_life && first.awake_since <= token.rotated;
  // With cookies the last answer to get to the browser wins, not the newest.
  // The request of a tab that crashed, or whose lock was taken from it, delayed on the way until
  // others have gone on twice: nobody can take it back, and a grace window is for the last token
  // only.
  const bool left_alone = job.life != tabs_[job.tab].life || tabs_[job.tab].lost_lock;
  const bool ghost =
      left_alone && token.successor != kNone && server_.refresh(token.successor).used;
  if ((in_time || idle) && job.blame == Fault::none && !ghost && settings_.mode == Mode::bearer) {
    stats_.lost_to_faults += in_time ? 1 : 0;
    fail(Invariant::lost_to_faults, job.tab, name_of(fault));
  }
}

// The browser stores cookies by itself, also for a tab that is frozen.
void World::take_cookies(const Job& job) {
  if (!job.succeeded() || job.cancelled || settings_.mode == Mode::bearer) return;
  // A successor that is given again may have been redeemed before.
  const bool again = job.grant.replayed && server_.refresh(job.refresh).overtaken;
  if (server_.refresh(job.grant.refresh).used || job.refresh != cookie_refresh_ || again) {
    count(Fault::cookie_overtaken);
    excuse(job.grant.refresh, Fault::cookie_overtaken);
    server_.refresh(job.grant.refresh).overtaken = true;
    server_.family(job.family).came_late = true;
  }
  cookie_refresh_ = job.grant.refresh;
  cookie_access_ = job.grant.access;
}

}  // namespace bearerkit::sim
