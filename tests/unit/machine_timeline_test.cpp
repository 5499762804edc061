// L4: what the timeline tells, and that it costs nothing when nobody listens.
#include <algorithm>
#include <iterator>

#include "machine_fixture.h"

namespace bearerkit::test {
namespace {

using enum TimelineCause;

class Timeline : public ::testing::Test {
 protected:
  World world{with_mode(Mode::bearer)};
  void SetUp() override {
    world.start();
    world.sign_in();
    world.machine.set_timeline(true);
    world.events.clear();
  }

  std::vector<Emitted> moments() const {
    std::vector<Emitted> found;
    std::copy_if(world.events.begin(), world.events.end(), std::back_inserter(found),
                 [](const Emitted& emitted) { return emitted.kind == EffectKind::timeline; });
    return found;
  }
  static TimelineCause cause_of(const Emitted& moment) {
    return static_cast<TimelineCause>(moment.value);
  }
  // What happened to a request, or to all else (0).
  std::vector<TimelineCause> story(std::uint32_t id) const {
    std::vector<TimelineCause> causes;
    for (const Emitted& moment : moments()) {
      if (moment.request == id) causes.push_back(cause_of(moment));
    }
    return causes;
  }
};

// A life with all that a timeline knows of, as far as one tab can bring it about.
void live(World& world) {
  const std::uint32_t refused = world.request(), aborted = world.request();
  world.answer(refused, 401);
  world.answer(aborted, 401);
  world.machine.handle(world.now, inputs::abort(aborted));
  world.drain();
  world.tokens(oauth_tokens("a2", "r2"));
  world.answer(refused, 200);
  world.request(0, RequestKind::token);
  world.request(0, RequestKind::refresh);
  world.tokens("", 503);
  const Record record = world.stored();
  world.storage = record_of(record.session, record.generation + 1, "a3", "r3");
  world.wake();
  world.request(0, RequestKind::refresh);
  const std::uint32_t ticket = world.refreshes.back().run;
  world.machine.handle(world.now, inputs::transport_error(world.request()));
  world.drain();
  world.sign_out();
  world.answer_refresh(ticket, RefreshAnswer{200, oauth_tokens("a4", "r4"), {}, {}, {}});
  world.drain();
  world.request();
  world.sign_in();
  world.answer(world.request(), 401);
  world.tokens(R"({"error":"invalid_grant"})", 400);
}

TEST_F(Timeline, L4_EveryCauseIsToldOfInOneLife) {
  live(world);
  std::vector<bool> seen(static_cast<std::size_t>(session_ended) + 1);
  for (const Emitted& moment : moments()) seen.at(moment.value) = true;
  for (std::size_t cause = 0; cause < seen.size(); cause++) EXPECT_TRUE(seen[cause]) << cause;
}

TEST_F(Timeline, L4_NobodyListensAndNothingIsQueued) {
  world.machine.set_timeline(false);
  live(world);
  EXPECT_EQ(world.count(EffectKind::timeline), 0);
  // The plain path: no effect at all, so that nobody need look for one.
  world.sign_in();
  world.request();
  EXPECT_EQ(world.last & effects, 0u);
  world.answer(world.last >> kInstructionIdShift, 200);
  EXPECT_EQ(world.last & effects, 0u);
  world.machine.set_timeline(true);
  world.request();
  EXPECT_NE(world.last & effects, 0u);
}

TEST_F(Timeline, L4_EveryIdThatAppearsEndsExactlyOnceAndWithNothingAfter) {
  live(world);
  const auto ends = [](TimelineCause cause) {
    return cause == request_plain || cause == request_delivered || cause == request_aborted ||
           cause == request_failed || cause == request_settled;
  };
  std::map<std::uint32_t, std::vector<TimelineCause>> stories;
  for (const Emitted& moment : moments()) {
    if (moment.request != 0) stories[moment.request].push_back(cause_of(moment));
  }
  EXPECT_GE(stories.size(), 8u);
  for (const auto& [id, causes] : stories) {
    EXPECT_EQ(std::count_if(causes.begin(), causes.end(), ends), 1) << id;
    EXPECT_TRUE(ends(causes.back())) << id;
  }
}

TEST_F(Timeline, L4_AnIdTellsItsWholeStory) {
  const std::uint32_t retried = world.request();
  world.answer(retried, 401);
  const std::uint32_t waits = world.request();
  world.tokens(oauth_tokens("a2", "r2"));
  world.answer(retried, 401);
  world.machine.handle(world.now, inputs::transport_error(waits));
  world.drain();
  EXPECT_EQ(story(retried), (std::vector{request_sent, unauthorized, request_retried, unauthorized,
                                         request_delivered}));
  EXPECT_EQ(story(waits), (std::vector{request_waits, request_sent, request_failed}));
  EXPECT_EQ(story(0), (std::vector{lock_wanted, lock_held, refresh_sent, refresh_succeeded}));
}

TEST_F(Timeline, L4_ARequestHasItsMethodAndAnAnswerItsStatus) {
  constexpr std::uint32_t kPost = 4u << kMethodShift;
  const std::uint32_t refused = world.request(kPost);
  world.answer(refused, 401);
  world.tokens(oauth_tokens("a2", "r2"));
  world.answer(refused, 204);
  world.request(0, RequestKind::token);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> told;  // method and status
  for (const Emitted& moment : moments()) {
    if (moment.request == 0) continue;
    told.emplace_back(moment.cause & kOtherMethod, moment.cause >> kMethodBits);
  }
  using Told = decltype(told);
  EXPECT_EQ(told, (Told{{4, 0}, {4, 401}, {4, 0}, {4, 204}, {kOtherMethod, 0}}));
  EXPECT_EQ(moments().at(2).request, 0u);
  EXPECT_EQ(moments().at(2).cause, kOtherMethod);
}

TEST_F(Timeline, L4_EveryRefreshThatIsSentHasAnOutcome) {
  struct Case {
    void (*end)(World&);
    std::vector<TimelineCause> outcome;
  };
  const Case cases[] = {
      {[](World& w) { w.tokens(oauth_tokens("a2", "r2")); }, {refresh_succeeded}},
      {[](World& w) { w.tokens("<html>"); }, {refresh_transient}},
      {[](World& w) { w.refresh_fails(); }, {refresh_transient}},
      {[](World& w) {
         w.pass(10 * kSecond - 1), w.now++, w.machine.handle(w.now, inputs::of(InputKind::timeout)),
             w.drain();
       },
       {refresh_transient}},
      {[](World& w) { w.refresh_fails(Override::terminal); }, {refresh_terminal, session_ended}},
      {[](World& w) {
         const Record record = w.stored();
         w.storage = record_of(record.session, 2, "b2", "s2");
         w.tokens(oauth_tokens("a2", "r2"));
       },
       {result_dropped, record_adopted}},
      {[](World& w) { w.storage.reset(), w.tokens(oauth_tokens("a2", "r2")); },
       {result_dropped, session_ended}},
      {[](World& w) { w.sign_out(), w.tokens(oauth_tokens("a2", "r2")); },
       {session_ended, result_dropped}},
      {[](World& w) { w.sign_in(oauth_tokens("b1", "s1")), w.tokens(oauth_tokens("a2", "r2")); },
       {session_started, result_dropped}},
  };
  for (const Case& each : cases) {
    world.sign_in();
    world.request(0, RequestKind::refresh);
    world.events.clear();
    each.end(world);
    EXPECT_EQ(story(0), each.outcome) << &each - cases;
  }
}

TEST_F(Timeline, L4_GenerationsAndTimesAreThoseOfTheMoment) {
  const std::uint32_t id = world.request();
  world.answer(id, 401);
  world.pass(3 * kSecond);
  world.tokens(oauth_tokens("a2", "r2"));
  world.pass(kSecond);
  world.sign_out();
  const Milliseconds begin = world.now - 4 * kSecond;
  for (const Emitted& moment : moments()) {
    const TimelineCause cause = cause_of(moment);
    const bool later = cause == request_retried || cause == refresh_succeeded;
    const bool last = cause == session_ended || cause == request_delivered;
    EXPECT_EQ(moment.generation, later || last ? 2u : 1u) << moment.value;
    EXPECT_EQ(moment.at, begin + (last ? 4 : later ? 3 : 0) * kSecond) << moment.value;
  }
}

TEST(TimelineHybrid, L4_ASessionThatTheCookieRestoredBeginsAndEndsToo) {
  World world(with_mode(Mode::hybrid, false));
  world.machine.set_timeline(true);
  world.start();
  const auto count = [&world](TimelineCause cause) {
    return std::count_if(world.events.begin(), world.events.end(), [cause](const Emitted& emitted) {
      return emitted.kind == EffectKind::timeline &&
             emitted.value == static_cast<std::uint32_t>(cause);
    });
  };
  EXPECT_EQ(count(session_started), 0);  // the cookie has yet to say so
  world.tokens(json_tokens("a1", ""));
  EXPECT_EQ(count(session_started), 1);
  world.hear(write_peer_message({PeerMessage::Kind::signed_in, 99}));
  EXPECT_EQ(count(session_ended), 1);
  world.tokens("", 401);
  EXPECT_EQ(count(session_started), 1);  // of whom nobody was signed in
  EXPECT_EQ(count(session_ended), 1);
}

}  // namespace
}  // namespace bearerkit::test
