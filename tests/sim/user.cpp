// The apps in the tabs and the people before them.
#include <algorithm>

#include "world_input.h"

namespace bearerkit::sim {
namespace {

constexpr std::size_t kMostOpenCalls = 40;

}  // namespace

void World::act(std::uint8_t index) {
  Tab& tab = tabs_[index];
  if (tab.closing) return;
  // Mostly every so often, now and then a long break.
  Time wait = 1 + chance_.below(static_cast<std::uint32_t>(2 * settings_.think));
  if (!calm_ && chance_.hit(3'000)) wait += chance_.between(0, 600'000);
  schedule(wait, Happening::user, index);
  if (quiet_) return;

  std::uint32_t dice = chance_.below(1'000'000);
  const auto falls = [&dice](std::uint32_t part) {
    const bool here = dice < part;
    dice -= here ? 0 : part;
    return here;
  };
  // In the middle of a refresh it is most telling.
  const std::uint32_t more = tab.machine->refreshing() ? 10 : 1;
  if (!calm_ && falls(settings_.sign_out_rate * more)) return sign_out(index);
  if (!calm_ && falls(tab.told.signed_in ? settings_.sign_in_rate * more : 60'000)) {
    sign_in(index, 1 + chance_.below(kUsers));
    if (chance_.coin()) begin_call(index, RequestKind::refresh, 0);
    return;
  }
  if (falls(settings_.refresh_rate)) return begin_call(index, RequestKind::refresh, 0);
  if (falls(20'000)) return begin_call(index, RequestKind::token, 0);
  if (falls(5'000)) return ask_with_refused_token(index);
  if (falls(30'000)) {
    constexpr std::uint32_t kinds[] = {foreign_origin, caller_authorization, no_cors,
                                       foreign_origin | one_shot_body};
    return begin_call(index, RequestKind::fetch, kinds[chance_.below(4)]);
  }
  std::uint32_t many = 1;
  if (falls(10'000)) many = 2 + chance_.below(12);
  for (std::uint32_t i = 0; i < many && tab.alive; i++) {
    const std::uint32_t method = chance_.below(4) == 0 ? unsafe_method : 0u;
    const std::uint32_t body = chance_.below(16) == 0 ? one_shot_body : 0u;
    const std::uint32_t wishes[] = {no_retry, cannot_wait, 0u};
    const std::uint32_t wish = wishes[std::min(chance_.below(40), 2u)];
    begin_call(index, RequestKind::fetch, method | body | wish);
  }
}

void World::begin_call(std::uint8_t index, RequestKind kind, std::uint32_t flags, bool is_probe) {
  Tab& tab = tabs_[index];
  if (tab.open_calls >= kMostOpenCalls) return;
  std::uint32_t place = static_cast<std::uint32_t>(tab.calls.size());
  if (tab.free_calls.empty()) {
    tab.calls.emplace_back();
  } else {
    place = tab.free_calls.back();
    tab.free_calls.pop_back();
  }
  tab.open_calls++;
  stats_.calls++;
  Call& call = tab.calls[place];
  const auto serial = static_cast<std::uint16_t>(call.serial + 1);
  call = Call{};
  call.serial = serial;
  call.kind = kind;
  call.flags = flags;
  call.probe = is_probe;
  call.begun = now_;
  if (kind == RequestKind::fetch && !is_probe && settings_.rate(Fault::always_refused) > 0) {
    constexpr std::uint32_t kOthers = kEndpoints - kRefusing;
    const bool refuses = hits(Fault::always_refused);
    call.endpoint = 1 + (refuses ? chance_.below(kRefusing) : kRefusing + chance_.below(kOthers));
  }
  call.family = tab.family;
  call.while_starting = !tab.machine->started();
  trace_.add(now_, index, Note::calls, place, static_cast<std::uint64_t>(kind), flags);
  if (kind == RequestKind::refresh) tab.asked++;

  const std::uint32_t instruction = tab.machine->handle_request(local(tab), kind, flags);
  call.core_id = instruction >> kInstructionIdShift;
  trace_.add(now_, index, Note::instruction, place, instruction & 0xff);
  if ((instruction & refused) != 0) return end_call(index, place);
  const bool urgent = kind == RequestKind::fetch && (flags & cannot_wait) != 0;
  if (urgent && (instruction & go) == 0) fail(Invariant::urgent_sent, index);
  if ((instruction & go) != 0) {
    const std::uint32_t token = (instruction & with_token) != 0 ? tab.token : kNone;
    const std::uint32_t version = tab.machine->token_version();
    if ((instruction & tracked) != 0) tab.by_core_id[call.core_id & 0xffff] = place + 1;
    // As js/driver/driver.ts does: it is sent before the effects, which may end the session.
    send_call(index, place, instruction, token, version);
    if ((instruction & effects) != 0) drain(index);
  } else {
    call.state = CallState::waiting;
    const std::uint32_t slot = call.core_id & 0xffff;
    if (tab.by_core_id.size() <= slot) tab.by_core_id.resize(slot + 1);
    tab.by_core_id[slot] = place + 1;
    watch(index, place);
    drain(index);
  }
  // The app may give up at any moment.
  if (!is_probe && !unordered_ && tab.calls[place].state != CallState::free &&
      chance_.hit(20'000)) {
    schedule(chance_.below(4) == 0 ? delay(2'000) : delay(30), Happening::abort, index, place,
             serial);
  }
}

// getAccessToken({ refused }): the app's own word on a token, which may come late (E6).
void World::ask_with_refused_token(std::uint8_t index) {
  Tab& tab = tabs_[index];
  const std::uint32_t token = chance_.coin() ? tab.token : tab.last_token;
  if (token == kNone || settings_.mode == Mode::cookie) return;
  trace_.add(now_, index, Note::reports, token);
  if (token == tab.token) {
    tab.causes.unauthorized = 1;
    tab.causes.refused = tab.refused = token;
  }
  const std::string text = server_.access_text(token, server_.access(token).issued);
  input(index, inputs::of(InputKind::token_refused, text));
  begin_call(index, RequestKind::token, 0);
}

void World::abort_call(std::uint8_t index, std::uint32_t place, std::uint32_t serial) {
  Tab& tab = tabs_[index];
  Call& call = tab.calls[place];
  if (call.serial != serial || call.state == CallState::free || call.kind != RequestKind::fetch) {
    return;
  }
  trace_.add(now_, index, Note::aborts, place);
  const std::uint32_t id = call.core_id;
  const bool known = call.tracked || call.state == CallState::waiting;
  end_call(index, place);
  if (known) {
    input(index, inputs::abort(id));
  }
}

// The call has its answer, or its error; the place is free for another.
void World::end_call(std::uint8_t index, std::uint32_t place) {
  Tab& tab = tabs_[index];
  Call& call = tab.calls[place];
  if (call.state == CallState::free && call.core_id != 0) {
    fail(Invariant::ends_once, index, "ended twice");
    return;
  }
  const std::uint32_t slot = call.core_id & 0xffff;
  if (slot < tab.by_core_id.size() && tab.by_core_id[slot] == place + 1) tab.by_core_id[slot] = 0;
  call.state = CallState::free;
  tab.free_calls.push_back(place);
  tab.open_calls--;
  if (call.kind == RequestKind::refresh) tab.asked--;
}

// The call that an effect names. It must be waiting for just that.
std::uint32_t World::call_of(Tab& tab, std::uint32_t core_id) {
  const std::uint32_t slot = core_id & 0xffff;
  const std::uint32_t found = slot < tab.by_core_id.size() ? tab.by_core_id[slot] : 0;
  const auto index = static_cast<std::uint8_t>(&tab - tabs_.data());
  if (found == 0 || tab.calls[found - 1].core_id != core_id ||
      tab.calls[found - 1].state != CallState::waiting) {
    fail(Invariant::ends_once, index, "an effect names a call that does not wait");
    return kNoCall;
  }
  return found - 1;
}

void World::watch(std::uint8_t index, std::uint32_t place) {
  if (unordered_) return;
  schedule(kLongestWait, Happening::watch, index, place, tabs_[index].calls[place].serial);
}

// It may have ended since; or its tab may have slept.
void World::look_at(const Event& event) {
  const Tab& tab = tabs_[event.tab];
  const Call& call = tab.calls[event.a];
  if (call.serial != event.b || call.state != CallState::waiting) return;
  // X10: bounded by the progress of the others.
  const Time waited = now_ - std::max(tab.awake_since, tab.may_have_heard);
  if (tab.frozen || waited < kLongestWait) {
    schedule(tab.frozen ? kLongestWait : kLongestWait - waited, Happening::watch, event.tab,
             event.a, event.b);
    return;
  }
  fail(Invariant::waits_bounded, event.tab, "call #" + std::to_string(event.a));
}

void World::sign_in(std::uint8_t index, std::uint32_t user) {
  Tab& tab = tabs_[index];
  const Grant grant = server_.sign_in(user, now_);
  const std::uint32_t family = server_.family_of(grant.access);
  trace_.add(now_, index, Note::user_signs_in, user, family);
  stats_.sign_ins++;
  if (tab.family != kNone) {
    // The old session is over for this tab, and with a shared storage for all.
    server_.family(tab.family).signed_out = !tab.storage_failed && !tab.storage_breaks;
    tab.ended.push_back(tab.family);
    excuse_tab(index, Fault::signed_in_elsewhere);
  }
  tab.redeeming.active = false;
  cookie_access_ = grant.access;
  cookie_refresh_ = grant.refresh;
  server_.family(family).came_late = true;  // until it is stored
  note_own_token(tab, grant.access);
  const std::string body = server_.body(grant, now_, settings_.mode);
  input(index, inputs::sign_in(body));
}

void World::sign_out(std::uint8_t index) {
  Tab& tab = tabs_[index];
  if (!tab.told.signed_in) return;
  trace_.add(now_, index, Note::user_signs_out, tab.family);
  stats_.sign_outs++;
  last_sign_out_ = now_;
  if (tab.family != kNone) {
    server_.family(tab.family).signed_out = !tab.storage_failed && !tab.storage_breaks;
  }
  excuse_tab(index, Fault::signed_in_elsewhere);
  tab.user_signed_out = true;
  const bool has_both = settings_.mode == Mode::bearer && settings_.server.gives_refresh_token;
  tab.expects_sign_out_revoke = has_both ? tab.token : kNone;
  input(index, inputs::of(InputKind::sign_out));
}

}  // namespace bearerkit::sim
