// The queue of effects.
#include "machine/effects.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>

namespace bearerkit {
namespace {

EffectKind next_of(Effects& effects) {
  Effect effect;
  effects.poll(effect);
  return effect.kind;
}

TEST(EffectsTest, TheyAreTakenInTheirOrder) {
  Effects effects;
  EXPECT_TRUE(effects.empty());
  effects.push(EffectKind::signedin);
  effects.push(EffectKind::broadcast).text = Text("message");
  EXPECT_FALSE(effects.empty());
  EXPECT_EQ(next_of(effects), EffectKind::signedin);
  Effect effect;
  EXPECT_TRUE(effects.poll(effect));
  EXPECT_EQ(effect.kind, EffectKind::broadcast);
  EXPECT_EQ(effect.text, "message");
  EXPECT_TRUE(effects.empty());
}

TEST(EffectsTest, WhereThereIsNoneTheLastOneIsWipedOut) {
  Effects effects;
  Effect effect;
  effects.push(EffectKind::refresh).text = Text("secret");
  EXPECT_TRUE(effects.poll(effect));
  effect.access_token = Text("secret");
  EXPECT_FALSE(effects.poll(effect));
  EXPECT_EQ(effect.kind, EffectKind::none);
  EXPECT_TRUE(effect.text.empty());
  EXPECT_TRUE(effect.access_token.empty());
  EXPECT_FALSE(effects.poll(effect));
}

TEST(EffectsTest, WhatComesWhileOthersWaitQueuesUpBehind) {
  Effects effects;
  effects.push(EffectKind::signedin);
  effects.push(EffectKind::signedout);
  EXPECT_EQ(next_of(effects), EffectKind::signedin);
  effects.push(EffectKind::refreshed);
  EXPECT_EQ(next_of(effects), EffectKind::signedout);
  EXPECT_EQ(next_of(effects), EffectKind::refreshed);
  EXPECT_EQ(next_of(effects), EffectKind::none);
  effects.push(EffectKind::revoke);
  EXPECT_EQ(next_of(effects), EffectKind::revoke);
}

TEST(EffectsTest, ANewOneHasNothingOfEarlierOnes) {
  Effects effects;
  Effect& first = effects.push(EffectKind::send);
  std::fill(std::begin(first.numbers), std::end(first.numbers), ~0u);
  first.text = Text("text");
  EXPECT_EQ(next_of(effects), EffectKind::send);
  EXPECT_EQ(next_of(effects), EffectKind::none);
  const Effect& next = effects.push(EffectKind::finish);
  for (const std::uint32_t number : next.numbers) EXPECT_EQ(number, 0u);
  EXPECT_TRUE(next.text.empty());
  EXPECT_TRUE(next.access_token.empty());
}

TEST(EffectsTest, NoWarningIsNoEffect) {
  Effects effects;
  effects.warn(Warning::none);
  EXPECT_TRUE(effects.empty());
  effects.warn(Warning::lock_stolen);
  Effect effect;
  EXPECT_TRUE(effects.poll(effect));
  EXPECT_EQ(effect.kind, EffectKind::warning);
  EXPECT_EQ(effect.warning.code, Warning::lock_stolen);
}

TEST(EffectsTest, L4_TheTimelineIsOffAtFirst) {
  Effects effects;
  effects.trace(TimelineCause::lock_held, 1, 2, 4, 3);
  EXPECT_TRUE(effects.empty());
  effects.set_timeline(true);
  effects.trace(TimelineCause::lock_held, 1, 2, 4, 3);
  Effect effect;
  EXPECT_TRUE(effects.poll(effect));
  EXPECT_EQ(effect.kind, EffectKind::timeline);
  EXPECT_EQ(effect.timeline.cause, TimelineCause::lock_held);
  EXPECT_EQ(effect.timeline.request, 1u);
  EXPECT_EQ(effect.timeline.generation, 2u);
  EXPECT_EQ(effect.timeline.answer, 4u);
  EXPECT_EQ(effect.timeline.at, 3);
  effects.set_timeline(false);
  effects.trace(TimelineCause::lock_held, 1, 2, 4, 3);
  EXPECT_TRUE(effects.empty());
}

}  // namespace
}  // namespace bearerkit
