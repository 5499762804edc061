// The network between tabs and server, and what goes wrong on it.
#include <algorithm>

#include "world_input.h"

namespace bearerkit::sim {
namespace {

// The answer event of a call: what the server said, in its two numbers.
constexpr std::uint32_t kSerialMask = 0xffff;
constexpr std::uint32_t kCallMask = 0xffffff;
constexpr const char* kChallenges[] = {"Bearer realm=\"api\", error=\"invalid_token\"", "",
                                       "Bearer error=\"insufficient_scope\", scope=\"admin\"",
                                       "DPoP algs=\"ES256\", \"\\ Bearer, =="};
constexpr std::uint32_t kInsufficient = 2;
constexpr std::uint32_t kOtherOrigin = 8;  // the answer came from one that is not allowed (B8)

// A grace window in which a client that is awake surely tries again: the time-out of a refresh and
// the longest Retry-After here, with the longest wait for the lock.
constexpr Time kLongEnough = 60'000;

constexpr char kHtml[] = "<!doctype html><title>Sign in to the Wi-Fi</title>";

}  // namespace

bool World::hits(Fault fault) {
  if (unordered_) {
    if (armed_ != fault) return false;
    armed_ = Fault::none;
    return true;
  }
  if (calm_ || !chance_.hit(settings_.rate(fault))) return false;
  count(fault);
  return true;
}

// ---- calls ------------------------------------------------------------------------------------

void World::send_call(std::uint8_t index, std::uint32_t place, std::uint32_t flags,
                      std::uint32_t token) {
  Tab& tab = tabs_[index];
  Call& call = tab.calls[place];
  call.state = CallState::sent;
  call.tracked = (flags & tracked) != 0;
  call.sends++;
  if (settings_.mode == Mode::cookie) {
    token = (flags & credentials) != 0 ? cookie_access_ : kNone;
  }
  trace_.add(now_, index, Note::sends, place, token, server_.family_of(token));
  check_send(index, call, flags, token);
  call.token = token;
  call.has_401 = false;
  schedule(delay(20), Happening::request, index, place, call.serial);
}

void World::serve_call(const Event& event) {
  Tab& tab = tabs_[event.tab];
  const Call& call = tab.calls[event.a];
  if (call.serial != event.b || call.state == CallState::free) return;  // aborted

  std::uint32_t status = 200;
  std::uint32_t challenge = 0;
  const bool ours = (call.flags & (foreign_origin | caller_authorization | no_cors)) == 0;
  Time wait = delay(20);
  if (network_down() || hits(Fault::request_lost) || hits(Fault::answer_lost)) {
    status = 0;
    wait += chance_.between(0, 5'000);
  } else if (hits(Fault::unavailable)) {
    status = 503;
  } else if (hits(Fault::captive_portal)) {
    status = 200;
  } else if (ours && !server_.accepts(call.token, now_)) {
    status = 401;
    constexpr std::uint32_t kinds[] = {0, 0, 0, 0, 0, 1, 1, 3};
    challenge = kinds[chance_.below(8)];
  } else if (ours && hits(Fault::false_401)) {
    status = 401;
  } else if (!call.probe && !unordered_ && chance_.hit(10'000)) {
    constexpr std::uint32_t statuses[] = {403, 404, 408, 429, 500, 401, 401, 401};
    const std::uint32_t which = chance_.below(8);
    status = statuses[which];
    if (which == 5) challenge = kInsufficient;
    if (which > 5) challenge = kOtherOrigin;
  }
  trace_.add(now_, event.tab, Note::serves, event.a, status);
  schedule(wait, Happening::answer, event.tab, event.a | challenge << 24, event.b | status << 16);
}

void World::answer_call(const Event& event) {
  const std::uint32_t place = event.a & kCallMask;
  const std::uint32_t challenge = event.a >> 24;
  const std::uint32_t status = event.b >> 16;
  Tab& tab = tabs_[event.tab];
  Call& call = tab.calls[place];
  if (call.serial != (event.b & kSerialMask) || call.state != CallState::sent) return;

  if (status == 0) {
    trace_.add(now_, event.tab, Note::fails, place);
    const std::uint32_t id = call.core_id;
    const bool known = call.tracked;
    settle(event.tab, place);
    if (known) {
      input(event.tab,
            [&](Session& session, double now) { session.handle_transport_error(now, id); });
    }
    return;
  }
  trace_.add(now_, event.tab, Note::answers, place, status);
  if (!call.tracked || tab.closing) return settle(event.tab, place);

  const bool other_origin = (challenge & kOtherOrigin) != 0;
  if (status == 401 && !other_origin && challenge != kInsufficient &&
      (call.token == tab.token || settings_.mode == Mode::cookie)) {
    tab.causes.unauthorized = 1;
    if (call.sends == 1 && local(tab) >= tab.backoff_latest) tab.refused = call.token;
  }
  const std::uint32_t verdict =
      tab.session->handle_response(local(tab), call.core_id, status,
                                   status == 401 ? kChallenges[challenge & 3] : "", !other_origin);
  if ((verdict & go) != 0) {
    if ((verdict & effects) != 0) drain(event.tab);
    if (status != 200) check_probe(event.tab, call);
    return settle(event.tab, place);
  }
  trace_.add(now_, event.tab, Note::keeps, place);
  call.has_401 = true;
  call.state = CallState::waiting;
  watch(event.tab, place);
  drain(event.tab);
}

// ---- refreshes --------------------------------------------------------------------------------

// What may have kept the answer from the client: the first reason counts.
void World::excuse(std::uint32_t refresh, Fault fault) {
  if (refresh == kNone) return;
  Fault& excuse = server_.refresh(refresh).excuse;
  if (excuse == Fault::none) excuse = fault;
}

void World::excuse_tab(std::uint8_t index, Fault fault) {
  Tab& tab = tabs_[index];
  if (tab.redeeming.active) excuse(tab.redeeming.refresh, fault);
}

// A storage that is of no use to the tab, or to one before it.
Fault World::blame_of(std::uint8_t index, std::uint32_t refresh) const {
  const Tab& tab = tabs_[index];
  if (tab.storage_failed) return Fault::storage_failed;
  if (tab.storage_slow) return Fault::storage_hangs;
  if (tab.read_corrupt) return Fault::storage_corrupt;
  if (refresh == kNone) return Fault::none;
  const RefreshToken& token = server_.refresh(refresh);
  if (token.not_stored) return Fault::storage_failed;
  if (token.overtaken) return Fault::cookie_overtaken;
  return server_.family(token.family).reverted ? Fault::storage_reverted : Fault::none;
}

void World::redeem(std::uint8_t index, const QueuedEffect& queued) {
  Tab& tab = tabs_[index];
  const std::uint32_t ticket = queued.effect.ticket;
  const std::uint32_t refresh =
      settings_.mode == Mode::bearer ? Server::id_of(queued.effect.data) : cookie_refresh_;
  trace_.add(now_, index, Note::redeems, refresh, ticket);
  stats_.refreshes++;
  check_redeem(index, refresh);
  tab.causes.unauthorized = tab.causes.failures = 0;
  tab.redeeming = {true, ticket, refresh, tab.read.generation, local(tab)};

  const std::uint32_t place = jobs_.add(Job{});
  Job& job = jobs_[place];
  job.used = true;
  job.tab = index;
  job.life = tab.life;
  job.ticket = ticket;
  job.refresh = refresh;
  job.blame = blame_of(index, refresh);
  job.family = refresh == kNone ? kNone : server_.refresh(refresh).family;
  if (refresh != kNone) {
    RefreshToken& token = server_.refresh(refresh);
    if (token.sent++ == 0) {
      token.first_tab = index;
      token.first_life = tab.life;
    }
    token.in_flight++;
  }

  Time wait = delay(30);
  if (network_down() || hits(Fault::request_lost)) {
    wait += chance_.coin() ? chance_.between(0, 3'000) : chance_.between(3'000, 30'000);
  } else if (hits(Fault::captive_portal)) {
    job.status = 200;
    job.body = kHtml;
  } else if (hits(Fault::unavailable)) {
    constexpr std::uint32_t statuses[] = {408, 425, 500, 502, 503, 504, 403, 404};
    job.status = statuses[chance_.below(8)];
    job.body = kHtml;
    if (chance_.coin()) job.retry_after = std::to_string(chance_.below(8));
  } else if (hits(Fault::too_many)) {
    job.status = 429;
    job.retry_after = std::to_string(chance_.coin() ? chance_.below(30) : chance_.below(3));
  } else {
    job.got_there = true;
    return schedule(wait, Happening::redeem, index, place);
  }
  schedule(wait, Happening::redeemed, index, place);
}

void World::serve_redeem(std::uint32_t place) {
  Job& job = jobs_[place];
  Time wait = delay(30);
  const bool known = job.refresh != kNone;
  const bool alive_before = known && !server_.family(job.family).revoked;
  job.grant = server_.redeem(job.refresh, now_);
  if (job.grant.granted) {
    stats_.rotations += job.grant.replayed ? 0 : 1;
    stats_.replays += job.grant.replayed ? 1 : 0;
    if (settings_.server.rotates) server_.refresh(job.refresh).used = true;
    trace_.add(now_, kWorld, job.grant.replayed ? Note::replays : Note::rotates, job.refresh,
               job.grant.refresh, job.family);
    job.status = 200;
    job.body = server_.body(job.grant, now_, settings_.mode);
    if (settings_.mode == Mode::cookie && chance_.coin()) job.body.clear();  // a 204
    if (hits(Fault::answer_lost)) {
      job.fault = Fault::answer_lost;
      job.status = 0;
      wait += chance_.between(0, 12'000);
    } else if (hits(Fault::bad_gateway)) {
      job.fault = Fault::bad_gateway;
      job.status = 502;
      job.body = kHtml;
    } else if (settings_.mode != Mode::cookie && hits(Fault::broken_answer)) {
      job.fault = Fault::broken_answer;
      job.body.resize(chance_.coin() ? 0 : job.body.size() / 2);
    } else if (hits(Fault::slow)) {
      wait += chance_.between(5'000, 25'000);
    }
    if (job.fault != Fault::none) excuse(job.refresh, job.fault);
  } else {
    const bool reuse = alive_before && server_.family(job.family).reused;
    trace_.add(now_, kWorld, Note::refuses, job.refresh, job.family, reuse);
    if (reuse) {
      const RefreshToken& token = server_.refresh(job.refresh);
      const Fault fault = job.blame != Fault::none ? job.blame : token.excuse;
      const bool in_time = now_ - token.rotated < settings_.server.grace;
      auto& lost = settings_.server.grace == 0 ? stats_.lost_no_grace
                   : in_time                   ? stats_.lost_in_grace
                                               : stats_.lost_after_grace;
      lost[static_cast<std::size_t>(fault)]++;
      if (fault == Fault::none) fail(Invariant::lost_without_fault, job.tab);
      // A tab without a storage cannot know what the others have redeemed since.
      const Tab& first = tabs_[token.first_tab];
      const bool idle = settings_.server.grace >= kLongEnough && token.sent == 2 && first.awake() &&
                        first.life == token.first_life && first.awake_since <= token.rotated;
      // With cookies the last answer to get to the browser wins, not the newest.
      // A crashed tab's request, delayed on the way until others have gone on twice: nobody can
      // take it back, and a grace window is for the last token only.
      const bool ghost = job.life != tabs_[job.tab].life && token.successor != kNone &&
                         server_.refresh(token.successor).used;
      if ((in_time || idle) && job.blame == Fault::none && !ghost &&
          settings_.mode == Mode::bearer) {
        fail(Invariant::lost_to_faults, job.tab, name_of(fault));
      }
    }
    const bool empty_401 = chance_.coin();
    job.status = empty_401 ? 401 : 400;
    job.body = empty_401 ? "" : "{\"error\":\"invalid_grant\"}";
  }
  schedule(wait, Happening::redeemed, job.tab, place);
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

void World::answer_redeem(const Event& event) {
  Tab& tab = tabs_[event.tab];
  const Job job = jobs_[event.a];
  free_job(event.a);
  if (job.cancelled || job.life != tab.life) return;
  const bool success = job.succeeded();
  const bool awaited = tab.redeeming.active && tab.redeeming.ticket == job.ticket;
  if (success && awaited) {
    tab.own_access = tab.redeemed_access = job.grant.access;
    tab.own_received = local(tab);
    // It was asked for without a word from the storage (R10).
    if (job.blame == Fault::storage_hangs) server_.family(job.family).came_late = true;
  }
  if (job.status == 0) {
    tab.retry_after = 0;
    tab.told_when = false;
    trace_.add(now_, event.tab, Note::redeem_error, job.ticket);
    return input(event.tab, [&](Session& session, double now) {
      session.handle_refresh_error(now, job.ticket, Override::none);
    });
  }
  trace_.add(now_, event.tab, Note::redeemed, job.status, job.ticket);
  trace_.fold(event.tab, job.body);
  // Overtaken by a sign-out or a sign-in: what comes is to be revoked.
  const bool over = settings_.mode == Mode::bearer && success && tab.family != job.family &&
                    settings_.server.rotates;
  if (over) excuse(job.refresh, Fault::signed_in_elsewhere);
  tab.retry_after = job.retry_after.empty() ? 0 : 1'000.0 * std::stoi(job.retry_after);
  tab.told_when = !job.retry_after.empty();
  if (awaited) tab.answer_was_terminal = job.status == 400 || job.status == 401;
  tab.revoked_now = kNone;
  tab.expects_revoke = over ? job.grant.refresh : kNone;
  input(event.tab, [&](Session& session, double now) {
    session.handle_token_response(
        now, job.ticket, RefreshAnswer{job.status, job.body, job.retry_after, {}, Override::none});
  });
}

void World::cancel_redeem(std::uint8_t index, std::uint32_t ticket) {
  Tab& tab = tabs_[index];
  trace_.add(now_, index, Note::cancels, ticket);
  for (Job& job : jobs_.all()) {
    if (!job.used || job.cancelled || job.tab != index || job.ticket != ticket ||
        job.life != tab.life) {
      continue;
    }
    job.cancelled = true;
    if (job.refresh != kNone) server_.refresh(job.refresh).in_flight--;
    if (job.got_there) {
      count(Fault::gave_up);
      excuse(job.refresh, Fault::gave_up);
    }
    if (local(tab) < tab.redeeming.begun + settings_.client.refresh_timeout) {
      fail(Invariant::backoff_kept, index, "a refresh was given up before its time");
    }
  }
  tab.retry_after = 0;
  tab.told_when = false;
  // fetch rejects at once.
  input(index, [&](Session& session, double now) {
    session.handle_refresh_error(now, ticket, Override::none);
  });
}

void World::free_job(std::uint32_t place) {
  jobs_[place].used = false;
  const Job job = jobs_.take(place);
  if (!job.cancelled && job.refresh != kNone) server_.refresh(job.refresh).in_flight--;
}

}  // namespace bearerkit::sim
