#include "machine/refresh.h"

namespace bearerkit {

const RefreshRow* Refresh::step(RefreshEvent event) {
  const RefreshRow* row = find_refresh_row(phase_, event);
  if (row == nullptr) return nullptr;
  if (phase_ == Phase::idle) began_anew_ = doubted_ = slept_ = looked_for_flight_ = false;
  if (event == RefreshEvent::frozen || event == RefreshEvent::lock_granted_late ||
      event == RefreshEvent::lease_lost) {
    began_anew_ = true;
    looked_for_flight_ = false;  // R25: another page may have begun since
  }
  phase_ = row->next;
  deadline_ = kNever;
  return row;
}

void Refresh::cancel() {
  redeemed_ = Record{};
  found_ = Record{};
  cookie_changed_ = false;
  if (runs()) run_++;
  phase_ = Phase::idle;
  deadline_ = kNever;
}

bool Refresh::was_frozen(Milliseconds now) const {
  constexpr Milliseconds kLoad = 2'000;
  return now > deadline_ + kLoad;
}

}  // namespace bearerkit
