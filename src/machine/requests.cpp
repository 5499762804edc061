#include "machine/requests.h"

#include "formats/core_limits.h"

namespace bearerkit {
namespace {

constexpr std::uint32_t kSlotBits = 16;
constexpr std::uint32_t kSlotMask = (1u << kSlotBits) - 1;

}  // namespace

RequestId Requests::add(const Request& request) {
  if (first_free_ == 0) {
    if (slots_.size() >= limits::kMaxRequests) return 0;
    slots_.push();
    first_free_ = slots_.size();
  }
  const std::uint32_t place = first_free_;
  Slot& slot = slots_[place - 1];
  first_free_ = slot.next_free;
  used_++;
  slot.request = request;
  slot.used = true;
  return (static_cast<std::uint32_t>(slot.serial) << kSlotBits) | place;
}

Request* Requests::find(RequestId id) {
  const std::uint32_t place = id & kSlotMask;
  if (place == 0 || place > slots_.size()) return nullptr;
  Slot& slot = slots_[place - 1];
  return slot.used && slot.serial == id >> kSlotBits ? &slot.request : nullptr;
}

bool Requests::remove(RequestId id) {
  if (find(id) == nullptr) return false;
  const std::uint32_t place = id & kSlotMask;
  Slot& slot = slots_[place - 1];
  slot.used = false;
  slot.serial++;  // wraps: 256 uses of one slot later an id may come again
  slot.next_free = first_free_;
  first_free_ = place;
  used_--;
  return true;
}

bool Requests::refresh_awaited() {
  for (const RequestId id : waiters_) {
    const Request* request = find(id);
    if (request != nullptr && request->kind == RequestKind::refresh) return true;
  }
  return false;
}

}  // namespace bearerkit
