// What is on its way to and from the storage, and what the machine waits for there.
#pragma once

#include <cstdint>

#include "machine/effects.h"

namespace bearerkit {

class Storage {
 public:
  // Asks for the record, or the lease. An answer to an earlier read of this purpose is then out of
  // date: it may be from before this tab was frozen.
  void read(Effects& effects, ReadPurpose purpose) {
    OperationId& newest = newest_read_[static_cast<std::size_t>(purpose)];
    newest = ++operations_;
    effects.push(EffectKind::read_storage).read_storage = {newest, purpose};
  }
  bool is_newest(ReadPurpose purpose, OperationId read) const {
    return read != 0 && read == newest_read_[static_cast<std::size_t>(purpose)];
  }

  // Writes the record of a refresh.
  void write(Effects& effects, const Text& record) { run_write_ = push_write(effects, record); }
  bool is_of_run(OperationId write) const { return write == run_write_; }

  // Takes the record away, at the end of this session.
  void remove(Effects& effects, std::uint64_t session) {
    removed_ = session;
    effects.push(EffectKind::remove_storage);
  }
  std::uint64_t removed() const { return removed_; }

  // Writes what no other tab need be told of, and nothing waits for (X9, R25).
  void write_quietly(Effects& effects, const Text& record) {
    quiet_write_ = push_write(effects, record);
  }
  bool is_quiet(OperationId write) const { return write != 0 && write == quiet_write_; }

  // Writes the record of a sign-in: until then what is stored is out of date. R10: it is waited for
  // until `deadline`.
  void write_sign_in(Effects& effects, const Text& record, Milliseconds deadline) {
    sign_in_write_ = push_write(effects, record);
    sign_in_deadline_ = deadline;
  }
  bool sign_in_pending() const { return sign_in_write_ != 0; }
  bool is_of_sign_in(OperationId write) const { return write != 0 && write == sign_in_write_; }
  Milliseconds sign_in_deadline() const { return sign_in_deadline_; }
  void end_sign_in() {
    sign_in_write_ = 0;
    sign_in_deadline_ = kNever;
  }

  // The first read (S1).
  void await_start(Milliseconds deadline) { start_deadline_ = deadline; }
  void end_start() { start_deadline_ = kNever; }
  Milliseconds start_deadline() const { return start_deadline_; }

  // S4: the record is gone; when to believe it.
  void doubt_until(Milliseconds deadline) {
    if (cleared_deadline_ == kNever) cleared_deadline_ = deadline;
  }
  void end_doubt() { cleared_deadline_ = kNever; }
  Milliseconds cleared_deadline() const { return cleared_deadline_; }

  // Waits for nothing any more: another session begins, or none.
  void forget_waits() {
    end_start();
    end_doubt();
    end_sign_in();
  }

  // E5: the clock was set back by so much.
  void shift(Milliseconds by) {
    start_deadline_ -= by;
    sign_in_deadline_ -= by;
    cleared_deadline_ -= by;
  }

 private:
  OperationId push_write(Effects& effects, const Text& record) {
    Effect& effect = effects.push(EffectKind::write_storage);
    effect.write_storage = {++operations_};
    effect.text = record;
    return operations_;
  }

  OperationId operations_ = 0;
  OperationId newest_read_[kReadPurposes] = {};
  OperationId run_write_ = 0;
  OperationId quiet_write_ = 0;
  std::uint64_t removed_ = 0;
  OperationId sign_in_write_ = 0;
  Milliseconds sign_in_deadline_ = kNever;
  Milliseconds start_deadline_ = kNever;
  Milliseconds cleared_deadline_ = kNever;
};

}  // namespace bearerkit
