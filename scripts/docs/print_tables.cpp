// Prints the machine's tables as Mermaid diagrams, for docs/MACHINE.md. Each begins with a line
// `## name`.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "machine/answer_table.h"
#include "machine/refresh_table.h"
#include "machine/request_table.h"
#include "machine/stored_table.h"
#include "machine/waiter_table.h"

namespace {

using bearerkit::Cell;
using Names = std::vector<const char*>;

#define BEARERKIT_NAME(name) #name,
const Names kStandings = {BEARERKIT_STANDINGS(BEARERKIT_NAME)};
const Names kKinds = {BEARERKIT_REQUEST_KINDS(BEARERKIT_NAME)};
const Names kFreshness = {BEARERKIT_FRESHNESS(BEARERKIT_NAME)};
const Names kRefreshStates = {BEARERKIT_REFRESH_STATES(BEARERKIT_NAME)};
const Names kBodies = {BEARERKIT_BODIES(BEARERKIT_NAME)};
const Names kRequestActions = {BEARERKIT_REQUEST_ACTIONS(BEARERKIT_NAME)};
const Names kAttempts = {BEARERKIT_ATTEMPTS(BEARERKIT_NAME)};
const Names kSentWith = {BEARERKIT_SENT_WITH(BEARERKIT_NAME)};
const Names kAnswerActions = {BEARERKIT_ANSWER_ACTIONS(BEARERKIT_NAME)};
const Names kWaiters = {BEARERKIT_WAITERS(BEARERKIT_NAME)};
const Names kEndings = {BEARERKIT_ENDINGS(BEARERKIT_NAME)};
const Names kOwners = {BEARERKIT_OWNERS(BEARERKIT_NAME)};
const Names kTokenStates = {BEARERKIT_TOKEN_STATES(BEARERKIT_NAME)};
const Names kWaiterActions = {BEARERKIT_WAITER_ACTIONS(BEARERKIT_NAME)};
const Names kStored = {BEARERKIT_STORED(BEARERKIT_NAME)};
const Names kRunning = {BEARERKIT_RUNNING(BEARERKIT_NAME)};
const Names kStoredActions = {BEARERKIT_STORED_ACTIONS(BEARERKIT_NAME)};
const Names kPhases = {BEARERKIT_PHASES(BEARERKIT_NAME)};
const Names kEvents = {BEARERKIT_REFRESH_EVENTS(BEARERKIT_NAME)};
const Names kActions = {BEARERKIT_REFRESH_ACTIONS(BEARERKIT_NAME)};
const Names kWarnings = {BEARERKIT_WARNINGS(BEARERKIT_NAME)};

template <typename Value>
Names names_in(const Cell<Value>& cell, const Names& names) {
  Names found;
  for (std::size_t i = 0; i < names.size(); i++) {
    if (cell.has(static_cast<Value>(i))) found.push_back(names[i]);
  }
  return found;
}

template <typename Value>
const char* name_of(Value value, const Names& names) {
  return names[static_cast<std::size_t>(value)];
}

// What a row asks for: `column: value or value`, a line for each column that asks for anything.
class Question {
 public:
  template <typename Value>
  Question& add(const char* column, const Cell<Value>& cell, const Names& names) {
    const Names found = names_in(cell, names);
    if (found.size() == names.size()) return *this;
    text_ += text_.empty() ? "" : "<br>";
    text_ += std::string(column) + ": ";
    for (std::size_t i = 0; i < found.size(); i++) {
      text_ += (i == 0 ? "" : " or ") + std::string(found[i]);
    }
    return *this;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// The rows one below the other: yes to the right, no to the next one.
class Chart {
 public:
  explicit Chart(const char* name) { std::printf("## %s\nflowchart TD\n", name); }
  void row(const Question& question, const char* action) {
    const bool last = question.text().empty();
    if (rows_ > 0) std::printf("  q%d -- no --> %c%d\n", rows_, last ? 'a' : 'q', rows_ + 1);
    rows_++;
    std::printf("  a%d[%s]\n", rows_, action);
    if (last) return;
    std::printf("  q%d{\"%s\"}\n  q%d -- yes --> a%d\n", rows_, question.text().c_str(), rows_,
                rows_);
  }

 private:
  int rows_ = 0;
};

void print_request_table() {
  Chart chart("requests");
  for (const auto& row : bearerkit::request_table::kRows) {
    chart.row(Question()
                  .add("standing", row.standing, kStandings)
                  .add("call", row.kind, kKinds)
                  .add("token", row.freshness, kFreshness)
                  .add("refresh", row.refresh, kRefreshStates)
                  .add("body", row.body, kBodies),
              name_of(row.action, kRequestActions));
  }
}

void print_answer_table() {
  Chart chart("answers");
  for (const auto& row : bearerkit::answer_table::kRows) {
    chart.row(Question()
                  .add("attempt", row.attempt, kAttempts)
                  .add("sent with a token", row.sent_with, kSentWith)
                  .add("body", row.body, kBodies)
                  .add("refresh", row.refresh, kRefreshStates),
              name_of(row.action, kAnswerActions));
  }
}

void print_waiter_table() {
  Chart chart("waiters");
  for (const auto& row : bearerkit::waiter_table::kRows) {
    chart.row(Question()
                  .add("waiter", row.waiter, kWaiters)
                  .add("the wait ends", row.ending, kEndings)
                  .add("of", row.owner, kOwners)
                  .add("token", row.token, kTokenStates),
              name_of(row.action, kWaiterActions));
  }
}

void print_stored_table() {
  Chart chart("stored");
  for (const auto& row : bearerkit::stored_table::kRows) {
    chart.row(Question()
                  .add("stored", row.stored, kStored)
                  .add("standing", row.standing, kStandings)
                  .add("refresh", row.refresh, kRunning),
              name_of(row.action, kStoredActions));
  }
}

// A state for each phase; an arrow for each pair of phases, with all that leads along it.
void print_refresh_table() {
  std::printf("## refresh\nstateDiagram-v2\n  [*] --> idle\n");
  std::map<std::pair<std::size_t, std::size_t>, std::string> arrows;
  for (std::size_t from = 0; from < kPhases.size(); from++) {
    for (std::size_t event = 0; event < kEvents.size(); event++) {
      const auto* row = bearerkit::find_refresh_row(static_cast<bearerkit::Phase>(from),
                                                    static_cast<bearerkit::RefreshEvent>(event));
      if (row == nullptr) continue;
      std::string& label = arrows[{from, static_cast<std::size_t>(row->next)}];
      label += label.empty() ? "" : "<br>";
      label += std::string(kEvents[event]) + " / " + name_of(row->action, kActions);
      if (row->warning != bearerkit::Warning::none) {
        label += std::string(" (warning ") + name_of(row->warning, kWarnings) + ")";
      }
    }
  }
  for (const auto& [ends, label] : arrows) {
    std::printf("  %s --> %s : %s\n", kPhases[ends.first], kPhases[ends.second], label.c_str());
  }
}

}  // namespace

int main() {
  print_request_table();
  print_answer_table();
  print_waiter_table();
  print_refresh_table();
  print_stored_table();
}
