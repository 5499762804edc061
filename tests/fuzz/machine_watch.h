// What must hold whatever happens, seen from outside of one Machine. It is told of what goes in and
// sees all that comes out, and ends the run when something does not hold.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "fuzz.h"
#include "machine/machine.h"

namespace bearerkit::fuzz {

class Watch {
 public:
  // Where a request is that has not been settled.
  enum class Place { unsent, on_its_way, answered };
  // Names a session: by the watch, for the machine does not say which one it has.
  using Name = std::uint64_t;

  Watch(const Machine& machine, const Settings& settings)
      : machine_(machine), settings_(settings) {}

  // ---- requests: each settles exactly once (R10) ----

  // The answer to handle_request.
  void asked(std::uint32_t instruction, RequestKind kind, std::uint32_t flags);
  // The answer to handle_response.
  void answered(RequestId id, std::uint32_t instruction);
  // Aborted, or the network failed.
  void let_go(RequestId id);
  // One that is there, or 0.
  RequestId pick(Place place, std::size_t skip) const;
  std::size_t requests() const { return calls_.size(); }

  // ---- the session ----

  // From here on it may end for this reason.
  void allow(SignOutReason reason) { reasons_.insert(reason); }
  // The user signs out: now, or not at all.
  void forbid(SignOutReason reason) { reasons_.erase(reason); }
  // What the storage is said to hold.
  void reads(ReadOutcome outcome, std::string_view text);
  void grants_lock(RunId run) { locks_.insert(run); }
  // These tokens are handed out in this session; empty texts are none.
  void issues(std::string_view access_token, std::string_view refresh_token, Name session);
  // Whose tokens the answer to a refresh will be.
  Name session_of_run(RunId run) const { return runs_.at(run); }

  // ---- out ----

  // An input comes while effects are pending: what they tell may be overtaken.
  void overtakes() { overtaken_ = true; }
  void note(const Effect& effect);
  // All effects have been taken.
  void drained();
  // Nobody waits but for the server.
  void at_rest() const;
  int refreshes() const { return refreshes_; }
  // With how many revocations the access token went.
  std::size_t revocations(const std::string& access_token) const {
    return revoked_.count(access_token);
  }

 private:
  struct Call {
    RequestKind kind = RequestKind::fetch;
    bool foreign = false;
    bool no_retry = false;
    int sends = 0;
    Place place = Place::unsent;
    int epoch = 0;     // of the first sending; -1: not known
    Name session = 0;  // of the token when it came in, else when it was sent; 0: not known
  };

  void sent(RequestId id, std::uint32_t flags, std::string_view access_token, int epoch);
  void sends(const Effect::Send& send, const Effect& effect, Place from);
  void finish(RequestId id, Place from);
  void writes(std::string_view text);
  void refreshes(const Effect& effect);
  void revokes(const Effect& effect);
  void begins(SignInSource source);
  void ends(SignOutReason reason);
  Name session_of(std::string_view token) const;

  const Machine& machine_;
  const Settings& settings_;
  std::map<RequestId, Call> calls_;
  std::set<RequestId> gone_;  // let go while effects were pending, which may name them
  bool overtaken_ = false;
  int epoch_ = 0;  // counts the changes of users
  std::set<SignOutReason> reasons_;
  std::set<RunId> locks_;          // held
  std::set<std::uint64_t> ended_;  // sessions begun here
  std::uint64_t own_ = 0;          // the session that was last written here
  bool refresh_token_ = false;     // the session has one, as far as is known
  bool read_refresh_token_ = false;
  std::map<std::string, Name, std::less<>> tokens_;
  std::map<RunId, Name> runs_;
  std::map<std::uint64_t, Name> names_;            // by the ids of records
  std::map<std::uint32_t, std::string> versions_;  // the access tokens, by token_version
  std::multiset<std::string> revoked_;
  int refreshes_ = 0;
};

}  // namespace bearerkit::fuzz
