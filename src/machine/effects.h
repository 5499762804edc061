// The effects that wait to be taken, in their order; and the timeline, which is among them (L4).
#pragma once

#include <cstddef>

#include "machine/effect.h"
#include "machine/list.h"

namespace bearerkit {

class Effects {
 public:
  // The new last one; its fields are zero.
  Effect& push(EffectKind kind) {
    Effect& effect = queue_.push();
    effect.kind = kind;
    return effect;
  }

  // The next one, which stands there until something is pushed; nullptr when there is none. Its
  // texts stay until there is none.
  const Effect* next() {
    if (!empty()) return &queue_[next_++];
    queue_.clear();
    next_ = 0;
    return nullptr;
  }

  // Copies the next one into `effect`; false, and kind none, when there is none.
  bool poll(Effect& effect) {
    const Effect* const polled = next();
    effect = polled != nullptr ? *polled : Effect();
    return polled != nullptr;
  }

  bool empty() const { return next_ == queue_.size(); }

  // `flaws`: TokenFlaw bits.
  void warn(Warning code, std::uint32_t flaws = 0) {
    if (code != Warning::none) push(EffectKind::warning).warning = {code, flaws};
  }

  // Off at first, so that it costs nothing.
  void set_timeline(bool on) { timeline_ = on; }
  bool timeline() const { return timeline_; }
  // `answer` is that of Effect::Timeline.
  void trace(TimelineCause cause, RequestId request, std::uint32_t generation, std::uint32_t answer,
             Milliseconds now) {
    if (timeline_) {
      push(EffectKind::timeline).timeline = {cause, request, generation, answer, now};
    }
  }

 private:
  List<Effect> queue_;  // those before next_ have been taken
  std::size_t next_ = 0;
  bool timeline_ = false;
};

}  // namespace bearerkit
