// The app's calls on the network between tabs and server, and what goes wrong with them.
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
constexpr std::uint32_t kFirstEndpoint = 1'000;
constexpr std::uint32_t kOtherOrigin = 8;  // the answer came from one that is not allowed (B8)

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

void World::send_call(std::uint8_t index, std::uint32_t place, std::uint32_t flags,
                      std::uint32_t token, std::uint32_t version) {
  Tab& tab = tabs_[index];
  Call& call = tab.calls[place];
  call.state = CallState::sent;
  call.version = version;
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
  const bool refuses_all = call.endpoint != 0 && call.endpoint <= kRefusing && !chance_.hit(60'000);
  Time wait = delay(20);
  if (network_down() || hits(Fault::request_lost) || hits(Fault::answer_lost)) {
    status = 0;
    wait += chance_.between(0, 5'000);
  } else if (hits(Fault::unavailable)) {
    status = 503;
  } else if (hits(Fault::captive_portal)) {
    status = 200;
  } else if (ours && (refuses_all || !server_.accepts(call.token, now_))) {
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

// What is known by it of the token, and of the endpoint (E6, F6, F9, R14).
void World::note_401(Tab& tab, const Call& call) {
  if ((call.flags & no_retry) != 0) {
    tab.causes.idle_401 = Invariant::callers_401;
    return;
  }
  const bool cookie = settings_.mode == Mode::cookie;
  if (call.token != tab.token && !cookie) return;
  const std::uint32_t endpoint = call.endpoint != 0 ? 1U << call.endpoint : 0U;
  if (call.sends == 2) {
    if (call.version != tab.machine->token_version()) return;
    tab.hopeless |= endpoint;
    tab.maybe_hopeless |= endpoint;
  } else if ((tab.hopeless & endpoint) != 0) {
    tab.causes.idle_401 = Invariant::refusals_remembered;
  } else {
    tab.causes.unauthorized = 1;
    tab.causes.refused = cookie ? cookie_access_ : call.token;
    // R14: where a stream was sent with a fresh token it says more of the endpoint.
    if ((call.flags & one_shot_body) != 0) tab.maybe_hopeless |= endpoint;
    if ((tab.maybe_hopeless & endpoint) == 0) tab.refused = call.token;
  }
}

// A first 401 to the token of now, where a refresh may be tried.
bool World::is_to_be_heeded(const Tab& tab, const Call& call) const {
  constexpr std::uint32_t kNoRetry = no_retry | one_shot_body;
  const bool hopeless = call.endpoint != 0 && (tab.maybe_hopeless >> call.endpoint & 1U) != 0;
  return tab.told.signed_in && call.sends == 1 && (call.flags & kNoRetry) == 0 &&
         call.version == tab.machine->token_version() && local(tab) >= tab.backoff_latest &&
         (!hopeless || local(tab) >= tab.machine->deadline() + settings_.client.leeway);
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
    end_call(event.tab, place);
    if (known) input(event.tab, inputs::transport_error(id));
    return;
  }
  trace_.add(now_, event.tab, Note::answers, place, status);
  if (!call.tracked || tab.closing) return end_call(event.tab, place);

  const bool other_origin = (challenge & kOtherOrigin) != 0;
  const bool calls_for_refresh = status == 401 && !other_origin && challenge != kInsufficient;
  if (calls_for_refresh) note_401(tab, call);
  const bool to_be_heeded = calls_for_refresh && is_to_be_heeded(tab, call);
  // As js/fetch/call.ts does.
  const bool matters = call.endpoint != 0 && (status == 401 || tab.machine->knows_endpoints());
  if (status != 401) {
    tab.hopeless &= ~(1U << call.endpoint);
    tab.maybe_hopeless &= ~(1U << call.endpoint);
  }
  const std::uint32_t instruction = tab.machine->handle_response(
      local(tab), call.core_id, status, status == 401 ? kChallenges[challenge & 3] : "",
      !other_origin, matters ? kFirstEndpoint + call.endpoint : 0);
  const bool delivered = (instruction & go) != 0;
  if (delivered && to_be_heeded && tab.machine->signed_in()) {
    fail(Invariant::refusal_heeded, event.tab);
  }
  if (!delivered && (call.flags & no_retry) != 0) fail(Invariant::callers_401, event.tab);
  if (delivered) {
    if ((instruction & effects) != 0) drain(event.tab);
    if (status != 200) check_probe(event.tab, call);
    return end_call(event.tab, place);
  }
  trace_.add(now_, event.tab, Note::keeps, place);
  call.has_401 = true;
  call.state = CallState::waiting;
  watch(event.tab, place);
  drain(event.tab);
}

}  // namespace bearerkit::sim
