#include "platform.h"

#include <algorithm>
#include <utility>

namespace bearerkit::sim {

Locks::Granted Locks::request(const Place& place) {
  queue_.push_back(place);
  return holder_ ? std::nullopt : grant_next();
}

Locks::Granted Locks::steal(const Place& place) {
  holder_ = place;
  return holder_;
}

Locks::Granted Locks::release(const Place& place) {
  if (holder_ == place) {
    holder_.reset();
    return grant_next();
  }
  std::erase(queue_, place);
  return std::nullopt;
}

Locks::Granted Locks::release_all_of(std::uint8_t tab) {
  std::erase_if(queue_, [tab](const Place& place) { return place.tab == tab; });
  if (!holder_ || holder_->tab != tab) return std::nullopt;
  holder_.reset();
  return grant_next();
}

Locks::Granted Locks::grant_next() {
  if (queue_.empty()) return std::nullopt;
  holder_ = queue_.front();
  queue_.erase(queue_.begin());
  return holder_;
}

void SharedText::write(std::uint8_t tab, Time now, std::optional<std::string> text,
                       const Lags& lags) {
  const auto left_behind = [&](const Version& next) {
    return *std::max_element(next.seen_from.begin(), next.seen_from.end()) <= now;
  };
  while (versions_.size() > 1 && left_behind(versions_[1])) versions_.erase(versions_.begin());
  Version version{std::move(text), {}};
  for (std::uint8_t i = 0; i < kMaxTabs; i++) {
    version.seen_from[i] = i == tab ? now : std::max(now + lags[i], versions_.back().seen_from[i]);
  }
  versions_.push_back(std::move(version));
}

ReadOutcome SharedText::read(std::uint8_t tab, Time now, std::string& found) const {
  std::size_t place = versions_.size() - 1;
  while (place > 0 && versions_[place].seen_from[tab] > now) place--;
  const std::optional<std::string>& text = versions_[place].text;
  found = text.value_or("");
  return text ? ReadOutcome::found : ReadOutcome::missing;
}

Time SharedText::seen_from(std::uint8_t tab) const { return versions_.back().seen_from[tab]; }

void SharedText::opened(std::uint8_t tab) {
  for (Version& version : versions_) version.seen_from[tab] = 0;
}

namespace {

std::string_view member(std::string_view record, std::string_view name) {
  const std::size_t at = record.find(name);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = record.substr(at + name.size());
  return rest.substr(0, rest.find_first_of("\",}"));
}

std::uint64_t number(std::string_view digits, std::uint64_t base) {
  std::uint64_t value = 0;
  for (const char c : digits) {
    value = value * base + static_cast<std::uint64_t>(c <= '9' ? c - '0' : c - 'a' + 10);
  }
  return value;
}

}  // namespace

std::uint64_t session_in(std::string_view digits) { return number(digits, 16); }

StoredRecord look_into(std::string_view text) {
  StoredRecord found;
  found.session = number(member(text, "\"session\":\""), 16);
  found.generation = static_cast<std::uint32_t>(number(member(text, "\"generation\":"), 10));
  found.access = Server::id_of(member(text, "\"access_token\":\""));
  found.refresh = Server::id_of(member(text, "\"refresh_token\":\""));
  const std::string_view deadline = member(text, "\"deadline\":");
  if (!deadline.empty()) found.deadline = static_cast<double>(number(deadline, 10));
  const std::string_view received = member(text, "\"received\":");
  if (!deadline.empty()) found.life = found.deadline - static_cast<double>(number(received, 10));
  found.refusal = member(text, "\"generation\":") == "0" && found.access == kNone;
  found.readable = found.session != 0 && !found.refusal;
  return found;
}

}  // namespace bearerkit::sim
