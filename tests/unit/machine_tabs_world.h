// Several small worlds as the tabs of one origin: their messages, their marks, and one lock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "machine_fixture.h"

namespace bearerkit::test {

inline constexpr Milliseconds kLag = 50;

// A tab whose tokens no shared storage carries (X9).
inline Settings handing(Mode mode) {
  Settings config = with_mode(mode, false);
  config.copied_storage = 1;
  config.write_lag = kLag;
  return config;
}

// Tabs of one origin: messages reach all others, each sees the marks of the others, and one lock is
// given to whoever asks first.
class Tabs {
 public:
  explicit Tabs(Mode mode, std::size_t count) {
    for (std::size_t i = 0; i < count; i++) {
      tabs.push_back(std::make_unique<World>(seeded(handing(mode), i)));
      tabs.back()->lock_is_free = false;
    }
  }
  World& operator[](std::size_t i) { return *tabs[i]; }

  // Until nobody has anything to say, and whoever can have the lock has it.
  void settle() {
    for (bool busy = true; busy;) {
      busy = false;
      for (std::size_t i = 0; i < tabs.size(); i++) busy |= deliver(i);
      busy |= grant();
    }
  }
  // Time goes by for all.
  void pass(Milliseconds time) {
    for (auto& tab : tabs) {
      show_marks();
      tab->pass(time);
      settle();
    }
  }
  int refreshes() const {
    int sum = 0;
    for (const auto& tab : tabs) sum += static_cast<int>(tab->refreshes.size());
    return sum;
  }
  // The tab that waits for the server, or nullptr.
  World* redeeming() {
    for (auto& tab : tabs) {
      if (tab->machine.refreshing() && tab->refreshes.size() > answered[tab.get()])
        return tab.get();
    }
    return nullptr;
  }
  void answer(World& tab, const std::string& body, std::uint32_t status = 200) {
    answered[&tab] = tab.refreshes.size();
    show_marks();
    tab.tokens(body, status);
    settle();
  }

 private:
  static Settings seeded(Settings config, std::size_t i) {
    config.seed_low = static_cast<std::uint32_t>(i + 1);
    return config;
  }
  bool deliver(std::size_t from) {
    World& sender = *tabs[from];
    if (heard[&sender] == sender.messages.size()) return false;
    const std::string message = sender.messages[heard[&sender]++];
    show_marks();
    for (std::size_t i = 0; i < tabs.size(); i++) {
      if (i != from) tabs[i]->hear(message);
    }
    return true;
  }
  bool grant() {
    for (const auto& tab : tabs) {
      if (has_lock[tab.get()] && tab->locks_held > 0) return false;
      has_lock[tab.get()] = false;
    }
    for (auto& tab : tabs) {
      if (tab->held.empty()) continue;
      const Effect wish = tab->held.back();
      tab->held.clear();
      has_lock[tab.get()] = true;
      show_marks();
      tab->tell(inputs::lock_granted(wish.acquire_lock.run));
      return true;
    }
    return false;
  }
  void show_marks() {
    for (auto& tab : tabs) {
      tab->marks = "";
      for (auto& other : tabs) {
        if (other == tab || other->mark.empty()) continue;
        *tab->marks += (tab->marks->empty() ? "" : " ") + other->mark;
      }
    }
  }

  std::vector<std::unique_ptr<World>> tabs;
  std::map<World*, std::size_t> heard, answered;
  std::map<World*, bool> has_lock;
};

// One tab is signed in; the others are copies of it.
inline void sign_in_and_copy(Tabs& tabs, std::size_t count, const std::string& tokens) {
  tabs[0].sign_in(tokens);
  for (std::size_t i = 1; i < count; i++) {
    tabs[i].storage = tabs[0].storage;
    tabs[i].start();
  }
  tabs.settle();
}

inline std::string tokens_message(const World& of, const std::string& access,
                                  std::uint32_t generation) {
  Record record = of.stored();
  record.generation = generation;
  record.access_token = Text(access);
  record.refresh_token = of.config.mode == Mode::bearer ? Text("r" + access) : Text();
  const std::string text = write_record(record, Mode::bearer);
  return write_peer_message({PeerMessage::Kind::tokens, record.session, 0, text});
}

}  // namespace bearerkit::test
