// What happens beside the client: other apps on the host that share its cookies, a browser that
// copies a tab, a page that goes while its refresh is under way, a server in a bad minute.
#include <algorithm>

#include "world_input.h"

namespace bearerkit::sim {
namespace {

struct Refusal {
  std::uint32_t status;
  const char* body;
};

// R6: none says clearly that the session is over. The last is a success to cookie mode.
constexpr Refusal kUnclear[] = {
    {403, "{\"message\":\"Forbidden\"}"},          {404, "{\"detail\":\"Not found\"}"},
    {400, "{\"error\":\"invalid_client\"}"},       {401, "{\"error\":\"invalid_client\"}"},
    {400, "{\"error\":\"unauthorized_client\"}"},  {422, "{\"errors\":[]}"},
    {200, "{\"data\":{\"accessToken\":\"at-0\"}}"}};

}  // namespace

// Cookies know no ports: whoever sets the same name has replaced ours. No tab hears of it.
void World::replace_cookie() {
  if (settings_.mode == Mode::bearer) return;
  const std::uint32_t before = server_.user_of(server_.refresh(cookie_refresh_).family);
  const std::uint32_t user = 1 + (before + chance_.below(kUsers - 1)) % kUsers;
  const Grant grant = server_.sign_in(user, now_);
  const std::uint32_t family = server_.family_of(grant.access);
  trace_.add(now_, kWorld, Note::cookie_replaced, user, family);
  excuse(cookie_refresh_, Fault::cookie_replaced);
  server_.family(family).came_late = true;  // until a record of it is stored
  cookie_refresh_ = grant.refresh;
  cookie_access_ = grant.access;
}

// "Duplicate tab", window.open: from then on the two storages are separate.
void World::duplicate(std::uint8_t source) {
  const auto tabs = static_cast<std::uint32_t>(tabs_.size());
  if (settings_.storage != StorageKind::per_tab || tabs < 2) return;
  const auto index = static_cast<std::uint8_t>((source + 1 + chance_.below(tabs - 1)) % tabs);
  Tab& tab = tabs_[index];
  if (!tab.alive || tab.closing || tab.effects.running()) return;
  excuse_tab(index, Fault::crash);
  gone(index, chance_.between(1, 500));
  tab.storage_failed = tab.storage_breaks = false;
  tab.own_storage = tabs_[source].own_storage;
  // The note of its page that had gone was in the storage before (R25).
  if (cookie_refresh_ != kNone) {
    RefreshToken& token = server_.refresh(cookie_refresh_);
    if (token.excuse == Fault::reload_in_flight && token.reloaded_tab == index) {
      token.excuse = Fault::crash;
    }
  }
  trace_.add(now_, index, Note::copied, source);
}

// A page that the server renders, or a sibling app, was quicker: ours comes with the token before.
// The server refuses it, and lets the session be.
bool World::rotate_elsewhere(Job& job) {
  if (settings_.mode == Mode::bearer || job.refresh == kNone || job.refresh != cookie_refresh_) {
    return false;
  }
  const Family& family = server_.family(job.family);
  const bool rotates = settings_.server.rotates && family.current == job.refresh && !family.revoked;
  if (!rotates || !hits(Fault::rotated_elsewhere)) return false;
  const Grant theirs = server_.redeem(job.refresh, now_);
  trace_.add(now_, kWorld, Note::rotates_elsewhere, job.refresh, theirs.refresh, job.family);
  server_.refresh(job.refresh).used = true;
  excuse(job.refresh, Fault::rotated_elsewhere);
  cookie_refresh_ = theirs.refresh;
  cookie_access_ = theirs.access;
  job.fault = Fault::rotated_elsewhere;
  job.status = 400;
  job.body = "{\"error\":\"invalid_grant\"}";
  return true;
}

void World::refuse_unclearly(Job& job) {
  const auto kinds = static_cast<std::uint32_t>(std::size(kUnclear));
  const Refusal& refusal =
      kUnclear[chance_.below(settings_.mode == Mode::cookie ? kinds - 1 : kinds)];
  job.unclear = true;
  job.status = refusal.status;
  job.body = refusal.body;
}

// C4: the request goes on without its page, and the browser takes the cookie that comes.
void World::reload_in_flight(std::uint8_t index, RunId run) {
  const Tab& tab = tabs_[index];
  if (!tab.awake() || tab.closing || !tab.redeeming.active || tab.redeeming.run != run) return;
  const auto is_under_way = [&](const Job& job) {
    return job.used && job.tab == index && job.run == run && job.life == tab.life && job.got_there;
  };
  // It may have its answer, and be about to ask once more (R24).
  if (std::none_of(jobs_.all().begin(), jobs_.all().end(), is_under_way)) return;
  trace_.add(now_, index, Note::reloads, run);
  excuse_tab(index, Fault::reload_in_flight);
  if (tab.redeeming.refresh != kNone) {
    RefreshToken& token = server_.refresh(tab.redeeming.refresh);
    token.reloaded_tab = index;
    // There is no note, or none that can be understood.
    if (tab.storage_failed || tab.clock_set > token.sent_at) token.excuse = Fault::storage_failed;
  }
  for (Job& job : jobs_.all()) {
    if (is_under_way(job)) {
      job.kept_alive = true;
      if (job.fault == Fault::answer_lost) server_.refresh(job.refresh).excuse = job.fault;
    }
  }
  gone(index, chance_.between(1, 200));
}

}  // namespace bearerkit::sim
