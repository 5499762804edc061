#include "settings.h"

#include <algorithm>

#include "invariants.h"
#include "random.h"

namespace bearerkit::sim {
namespace {

struct Rate {
  Fault fault;
  std::uint32_t per_million;
};

// Of messages.
constexpr Rate kOfMessages[] = {
    {Fault::request_lost, 8'000},
    {Fault::answer_lost, 8'000},
    {Fault::slow, 10'000},
    {Fault::unavailable, 8'000},
    {Fault::bad_gateway, 8'000},
    {Fault::too_many, 8'000},
    {Fault::captive_portal, 4'000},
    {Fault::broken_answer, 8'000},
    {Fault::false_401, 500},
    {Fault::storage_hangs, 500},
    {Fault::reordered, 5'000},
    {Fault::always_refused, 5'000},
    {Fault::reload_in_flight, 30'000},
    {Fault::rotated_elsewhere, 15'000},
};
// Of looks at the fault clock, one every three seconds.
constexpr Rate kOfLooks[] = {
    {Fault::outage, 6'000},        {Fault::crash, 12'000},         {Fault::reload, 12'000},
    {Fault::freeze, 12'000},       {Fault::bfcache, 8'000},        {Fault::sleep, 2'000},
    {Fault::clock_jump, 6'000},    {Fault::hidden, 10'000},        {Fault::storage_cleared, 300},
    {Fault::storage_corrupt, 300}, {Fault::storage_reverted, 300}, {Fault::storage_failed, 300},
    {Fault::unclear, 2'000},       {Fault::unclear_for_ever, 500}, {Fault::cookie_replaced, 6'000},
    {Fault::duplicated, 12'000},   {Fault::banned, 500},
};

// As measured in Chromium and WebKit, and a little more.
constexpr Time kLag = 10;

template <typename T, std::size_t size>
T pick(Chance& chance, const T (&values)[size]) {
  return values[chance.below(static_cast<std::uint32_t>(size))];
}

// Whose the tokens are: by a chance of its own, so that the worlds before stay what they were.
void add_users(WorldSettings& s, Chance& chance) {
  s.server.names_users =
      s.mode != Mode::cookie && chance.below(s.mode == Mode::hybrid ? 2 : 4) == 0;
  if (!s.cookie_can_be_replaced()) s.rates[static_cast<std::size_t>(Fault::cookie_replaced)] = 0;
}

// Until all of a queue have had their turn, it is several times the time-out of the lock.
void add_latency(const Options& options, WorldSettings& s, Chance& chance) {
  const auto place = static_cast<std::size_t>(Fault::slow_endpoint);
  const bool often = options.with[place];
  if (!options.faults || options.without[place] || chance.below(often ? 2 : 8) != 0) return;
  if (options.tabs == 0) s.tabs = 12 + chance.below(9);
  const auto most = static_cast<Time>(3 * s.client.lock_timeout) / s.tabs;
  s.server.redeem_latency = chance.between(300, std::min<Time>(most, 5'000));
}

}  // namespace

WorldSettings settings_for(const Options& options, std::uint64_t seed) {
  Chance chance(seed ^ 0x73696d756c617465u);
  WorldSettings s;
  s.seed = seed;
  s.ignored = options.ignored;
  s.tabs = options.tabs != 0 ? options.tabs : 1 + chance.below(8);

  constexpr Mode modes[] = {Mode::bearer, Mode::bearer, Mode::bearer, Mode::hybrid, Mode::cookie};
  constexpr StorageKind storages[] = {StorageKind::shared, StorageKind::shared,
                                      StorageKind::shared_async, StorageKind::per_tab,
                                      StorageKind::memory};
  s.mode = pick(chance, modes);
  s.storage = pick(chance, storages);
  if (options.mode) s.mode = *options.mode;
  if (options.storage) s.storage = *options.storage;

  constexpr Time graces[] = {0, 10'000, 60'000, 600'000};
  constexpr Time lives[] = {5'000, 30'000, 60'000, 300'000, 900'000};
  constexpr LifeTold told[] = {LifeTold::expires_in, LifeTold::expires_in,
                               LifeTold::expires_in, LifeTold::jwt_exp_and_iat,
                               LifeTold::jwt_exp,    LifeTold::not_at_all};
  s.server.grace = pick(chance, graces);
  s.server.access_life = pick(chance, lives);
  s.server.life_told = pick(chance, told);
  s.server.json_dialect = chance.coin();
  s.server.rotates = chance.below(8) != 0;
  s.server.checks_revocation = chance.coin();
  s.server.gives_refresh_token = s.mode != Mode::bearer || chance.below(16) != 0;
  if (options.grace) s.server.grace = *options.grace;

  s.client.mode = s.mode;
  s.client.shared_storage = s.shared();
  s.client.copied_storage = s.storage == StorageKind::per_tab;
  s.client.write_lag = 50;
  s.client.keep_alive = chance.below(4) == 0;
  s.client.leeway = chance.below(4) == 0 ? 2'000 : 0;
  s.think = pick(chance, {Time{500}, Time{2'000}, Time{10'000}});
  s.wrong_clocks = chance.below(3) == 0;
  s.forbidden_is_end = chance.below(8) == 0;
  s.server.tells_date = chance.coin();
  if (chance.below(4) == 0) {
    constexpr std::int64_t kinds[] = {2'000, 60'000, 3'600'000, 86'400'000};
    s.server.date_error = chance.between(0, kinds[chance.below(4)]) * (chance.coin() ? 1 : -1);
  }
  constexpr Function functions[] = {Function::none, Function::none,  Function::none,
                                    Function::none, Function::hears, Function::deaf};
  s.function = pick(chance, functions);
  s.client.refresh_needs_token = s.function == Function::none;
  if (s.function != Function::none && s.mode == Mode::bearer && chance.coin()) {
    s.server.gives_refresh_token = s.server.rotates = false;  // it goes by something else
  }
  s.locks = chance.below(4) != 0;
  s.lag = chance.coin() ? kLag : 0;
  if (options.locks) s.locks = *options.locks;
  if (options.lag) s.lag = *options.lag;
  if (s.storage != StorageKind::shared) s.lag = 0;

  for (const Rate& rate : kOfMessages) {
    s.rates[static_cast<std::size_t>(rate.fault)] = rate.per_million;
  }
  for (const Rate& rate : kOfLooks) {
    s.rates[static_cast<std::size_t>(rate.fault)] = rate.per_million;
  }
  if (options.swarm) {
    // Some kinds not at all, some as usual, some often.
    constexpr std::uint32_t factors[] = {0, 0, 1, 4, 12};
    for (std::uint32_t& rate : s.rates) rate *= pick(chance, factors);
    s.sign_out_rate *= pick(chance, factors);
    s.sign_in_rate *= pick(chance, factors);
    s.refresh_rate *= pick(chance, factors);
  }
  for (std::size_t i = 0; i < kFaults; i++) {
    if (!options.faults || options.without[i]) s.rates[i] = 0;
  }
  Chance more(seed ^ 0x75736572732061u);
  add_users(s, more);
  add_latency(options, s, more);
  s.server.ends_reused = more.below(4) != 0;
  return s;
}

}  // namespace bearerkit::sim
