// What must hold whatever happens, seen from outside of one Session. It is told of what goes in and
// sees all that comes out, and ends the run when something does not hold.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string_view>

#include "fuzz.h"
#include "machine/session.h"

namespace bearerkit::fuzz {

class Watch {
 public:
  // Where a request is that has not been settled.
  enum class Place { unsent, on_its_way, answered };

  Watch(const Session& session, const SessionConfig& config) : session_(session), config_(config) {}

  // ---- requests: each settles exactly once (R10) ----

  // The answer to handle_request.
  void asked(std::uint32_t verdict, RequestKind kind, std::uint32_t flags);
  // The answer to handle_response.
  void answered(std::uint32_t id, std::uint32_t verdict);
  // Aborted, or the network failed.
  void let_go(std::uint32_t id) { calls_.erase(id); }
  // One that is there, or 0.
  std::uint32_t pick(Place place, std::size_t skip) const;
  std::size_t requests() const { return calls_.size(); }

  // ---- the session ----

  // From here on it may end for this reason.
  void allow(SignOutReason reason) { reasons_.insert(reason); }
  // The user signs out: now, or not at all.
  void forbid(SignOutReason reason) { reasons_.erase(reason); }
  // What the storage is said to hold.
  void reads(ReadOutcome outcome, std::string_view text);
  void grants_lock(std::uint32_t ticket) { locks_.insert(ticket); }

  // ---- out ----

  void note(const Effect& effect);
  // All effects of an input have been taken.
  void drained() const;
  // Nobody waits but for the server.
  void at_rest() const;
  int refreshes() const { return refreshes_; }

 private:
  struct Call {
    RequestKind kind = RequestKind::fetch;
    bool foreign = false;
    int sends = 0;
    Place place = Place::unsent;
    int epoch = 0;  // of the first sending
  };

  void sent(std::uint32_t id, std::uint32_t flags);
  void finish(std::uint32_t id, Place from);
  void writes(std::string_view text);
  void emits(const Effect& effect);
  void ends(SignOutReason reason);

  const Session& session_;
  const SessionConfig& config_;
  std::map<std::uint32_t, Call> calls_;
  int epoch_ = 0;  // counts the changes of users
  std::set<SignOutReason> reasons_;
  std::set<std::uint32_t> locks_;  // held
  std::set<std::uint64_t> ended_;  // sessions begun here
  std::uint64_t own_ = 0;          // the session that was last written here
  bool refresh_token_ = false;     // whether the session has one
  bool read_refresh_token_ = false;
  int refreshes_ = 0;
};

}  // namespace bearerkit::fuzz
