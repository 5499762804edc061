// Refreshes as a tab asks for them, by an endpoint or the app's own function
// (js/endpoints/refresh.ts), and what may have kept an answer from it.
#include <algorithm>

#include "world_input.h"

namespace bearerkit::sim {
namespace {

constexpr std::uint32_t kForbidden = 403;

// Where the app has a say (R6): it takes a 403 for the end.
Override word_of_app(const WorldSettings& settings, std::uint32_t status) {
  const bool its_end = settings.forbidden_is_end && status == kForbidden;
  return its_end ? Override::terminal : Override::none;
}

bool is_refusal(std::uint32_t status) { return status == 400 || status == 401; }

}  // namespace

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
Fault World::blame_of(std::uint8_t index, std::uint32_t refresh) {
  const Tab& tab = tabs_[index];
  if (tab.storage_failed) return Fault::storage_failed;
  if (tab.storage_slow) return Fault::storage_hangs;
  if (tab.read_corrupt) return Fault::storage_corrupt;
  if (refresh == kNone) return Fault::none;
  const RefreshToken& token = server_.refresh(refresh);
  if (token.not_stored) return Fault::storage_failed;
  if (token.overtaken) return Fault::cookie_overtaken;
  if (token.excuse == Fault::duplicated) return Fault::duplicated;
  // A write that hung has brought two sessions together, and they take turns: what is stored tells
  // this one nothing of its own.
  const StorageKey& storage = storage_of(index);
  if (storage.torn && server_.family_of(storage.record.access) != token.family) {
    return Fault::storage_hangs;
  }
  return server_.family(token.family).reverted ? Fault::storage_reverted : Fault::none;
}

// What goes with a refresh. The app's own function may go by something else, of the same session.
std::uint32_t World::token_for(const Tab& tab, std::string_view text) const {
  if (settings_.mode != Mode::bearer) return cookie_refresh_;
  const bool own_way = settings_.function != Function::none && text.empty();
  return own_way ? server_.family(tab.family).current : Server::id_of(text);
}

void World::redeem(std::uint8_t index, const Effect& effect) {
  Tab& tab = tabs_[index];
  const RunId run = effect.refresh.run;
  const std::uint32_t refresh = token_for(tab, effect.text);
  trace_.add(now_, index, Note::redeems, refresh, run);
  stats_.refreshes++;
  check_redeem(index, refresh);
  check_token_set(index, effect);
  const bool needless = is_needless(index, refresh);
  tab.causes.unauthorized = tab.causes.failures = 0;
  tab.causes.idle_401 = Invariant::refresh_has_cause;
  // Without an answer under the lock it goes by what it had: a look outside is none (C4).
  const std::uint32_t generation =
      tab.storage_slow ? tab.machine->generation() : tab.read.generation;
  tab.redeeming = {true, run, refresh, generation, local(tab)};

  const std::uint32_t place = jobs_.add(Job{});
  Job& job = jobs_[place];
  job.used = true;
  job.tab = index;
  job.life = tab.life;
  job.run = run;
  job.refresh = refresh;
  job.blame = blame_of(index, refresh);
  job.family = refresh == kNone ? kNone : server_.refresh(refresh).family;
  job.needless = needless;
  if (server_.family(job.family).came_late) server_.family(job.family).redeemed_early = true;
  if (refresh != kNone) {
    RefreshToken& token = server_.refresh(refresh);
    if (token.sent++ == 0) {
      token.first_tab = index;
      token.first_life = tab.life;
    }
    token.in_flight++;
    token.sent_at = now_;
  }

  send_redeem(place);
}

void World::send_redeem(std::uint32_t place) {
  Job& job = jobs_[place];
  job.date = server_.date(now_);
  Time wait = delay(30);
  if (network_down() || hits(Fault::request_lost)) {
    wait += chance_.coin() ? chance_.between(0, 3'000) : chance_.between(3'000, 30'000);
  } else if (now_ < unclear_until_) {
    refuse_unclearly(job);
  } else if (hits(Fault::captive_portal)) {
    job.status = 200;
    job.body = kHtml;
  } else if (hits(Fault::unavailable)) {
    constexpr std::uint32_t statuses[] = {408, 425, 500, 502, 503, 504, 403, 404};
    job.status = statuses[chance_.below(8)];
    job.body = kHtml;
    if (chance_.coin()) job.retry_after = chance_.below(8);
  } else if (hits(Fault::too_many)) {
    job.status = 429;
    job.retry_after = chance_.coin() ? chance_.below(30) : chance_.below(3);
  } else {
    job.got_there = true;
    if (settings_.mode != Mode::bearer && hits(Fault::reload_in_flight)) {
      wait += chance_.between(0, 2'000);
      schedule(chance_.between(1, 2 * wait), Happening::reload, job.tab, job.run);
    }
    return schedule(wait, Happening::redeem, job.tab, place);
  }
  schedule(wait, Happening::redeemed, job.tab, place);
}

void World::answer_redeem(const Event& event) {
  Tab& tab = tabs_[event.tab];
  const Job job = jobs_[event.a];
  free_job(event.a);
  if (job.cancelled || job.life != tab.life) return;
  const bool success = job.succeeded();
  const bool awaited = tab.redeeming.active && tab.redeeming.run == job.run;
  const bool has_answer = job.status != 0 && settings_.function == Function::none;
  if (awaited && has_answer && job.date != 0) {
    tab.skew = static_cast<double>(job.date * 1'000) - local(tab);
  }
  if (success && awaited) {
    tab.redeemed_access = job.grant.access;
    note_own_token(tab, job.grant.access);
    AccessToken& access = server_.access(job.grant.access);
    access.taken = true;
    access.taken_at = now_;
    access.taken_by = event.tab;
    access.taken_life = job.life;
    // It was asked for without a word from the storage (R10).
    if (job.blame == Fault::storage_hangs) server_.family(job.family).came_late = true;
  }
  // Overtaken by a sign-out or a sign-in: what comes is to be revoked.
  const bool over = settings_.mode == Mode::bearer && success && tab.family != job.family &&
                    settings_.server.rotates && settings_.server.gives_refresh_token;
  if (over) excuse(job.refresh, Fault::signed_in_elsewhere);
  tab.revoked_now = kNone;
  tab.expects_revoke = over ? job.grant.refresh : kNone;
  trace_.fold(event.tab, job.body);
  if (job.status != 0 && (success || settings_.function == Function::none)) {
    return give_answer(event.tab, job, awaited);
  }
  // None came, or the app's function threw: with its own word, or because it could not read it.
  const bool end = job.status != 0 && is_refusal(job.status) && !job.unclear;
  if (awaited) note_refusal(tab, job, false);
  if (awaited) note_end(tab, end);
  tab.retry_after = 0;
  tab.told_when = false;
  trace_.add(now_, event.tab, Note::redeem_error, job.run, end);
  input(event.tab, inputs::refresh_error(job.run, end ? Override::terminal : Override::none));
}

// R24: a refused cookie is tried once more.
void World::note_end(Tab& tab, bool refused) {
  tab.answer_was_terminal = refused;
  if (refused) tab.refusals++;
  const bool thinks_twice = settings_.mode != Mode::bearer || settings_.client.hands_over();
  // R17: the last of several unclear ones is as good as a refusal.
  if ((refused || tab.unclear.last) && thinks_twice) tab.causes.failures = 1;
}

void World::give_answer(std::uint8_t index, const Job& job, bool awaited) {
  Tab& tab = tabs_[index];
  trace_.add(now_, index, Note::redeemed, job.status, job.run);
  Override word = Override::none;
  std::string retry_after, date;
  if (settings_.function == Function::none) {
    word = word_of_app(settings_, job.status);
    if (job.date != 0) date = http_date(job.date);
    if (job.retry_after >= 0) {
      // As a number, or by the server's own clock.
      const bool as_date = job.date != 0 && job.retry_after % 2 == 1;
      retry_after =
          as_date ? http_date(job.date + job.retry_after) : std::to_string(job.retry_after);
    }
  }
  if (awaited) {
    // What is no JSON, of a success, is unclear as well (R6).
    const bool cut = job.status == 200 && job.fault == Fault::broken_answer;
    const bool unclear = (job.unclear || cut) && word == Override::none;
    note_refusal(tab, job, unclear);
    note_end(tab, (is_refusal(job.status) && !unclear) || word == Override::terminal);
    tab.retry_after = retry_after.empty() ? 0 : 1'000.0 * static_cast<double>(job.retry_after);
    tab.told_when = !retry_after.empty();
  }
  input(index, inputs::token_response(job.run, job.status, job.body, retry_after, date, word));
  if (awaited) check_dead(index);
}

// E4: the life that the client is told, by its clock and by what it knows of the server's.
void World::note_own_token(Tab& tab, std::uint32_t access) {
  const auto life = static_cast<double>(settings_.server.access_life);
  const LifeTold how = settings_.server.life_told;
  tab.own_access = access;
  tab.own_received = local(tab);
  tab.own_life = kNever;
  if (how == LifeTold::expires_in) tab.own_life = life;
  if (settings_.mode == Mode::cookie) return;
  if (how == LifeTold::jwt_exp_and_iat) tab.own_life = life;
  if (how == LifeTold::jwt_exp) {
    const auto exp = static_cast<double>(server_.exp_of(access) * 1'000);
    const double left = exp - (local(tab) + tab.skew);
    if (left > 0) tab.own_life = left;
  }
}

void World::cancel_redeem(std::uint8_t index, RunId run) {
  Tab& tab = tabs_[index];
  trace_.add(now_, index, Note::cancels, run);
  const bool deaf = settings_.function == Function::deaf;  // its answer may still come
  for (Job& job : jobs_.all()) {
    if (!job.used || job.cancelled || job.tab != index || job.run != run || job.life != tab.life) {
      continue;
    }
    job.given_up = true;
    if (!deaf) {
      job.cancelled = true;
      if (job.refresh != kNone) server_.refresh(job.refresh).in_flight--;
    }
    if (job.got_there || deaf) {
      count(Fault::gave_up);
      excuse(job.refresh, Fault::gave_up);
    }
    if (local(tab) < tab.redeeming.begun + settings_.client.refresh_timeout) {
      fail(Invariant::backoff_kept, index, "a refresh was given up before its time");
    }
  }
  tab.retry_after = 0;
  tab.told_when = false;
  if (deaf) return;
  // fetch rejects at once.
  input(index, inputs::refresh_error(run, Override::none));
}

void World::free_job(std::uint32_t place) {
  jobs_[place].used = false;
  const Job job = jobs_.take(place);
  if (!job.cancelled && job.refresh != kNone) server_.refresh(job.refresh).in_flight--;
}

}  // namespace bearerkit::sim
