// X4: the lease as text.
#include "machine/lease.h"

#include "core_test.h"
#include "machine/hex.h"
#include "now.h"

namespace bearerkit {
namespace {

constexpr Milliseconds kLength = 15'000;

bool holds(std::string_view text, Milliseconds now = kNow) {
  return lease_holds(text, now, kLength);
}

TEST(Lease, X4_HoldsUntilItsTimeIsOver) {
  const std::string lease = write_lease(7, kNow + 10'000);
  EXPECT_EQ(lease, (to_hex(7) += to_hex(1'700'000'010'000)));
  EXPECT_TRUE(holds(lease));
  EXPECT_TRUE(holds(lease, kNow + 9'999));
  EXPECT_FALSE(holds(lease, kNow + 10'000));
  EXPECT_FALSE(holds(lease, kNow + 20'000));
}

TEST(Lease, X4_E5_OneThatIsToLastTooLongWasMadeByAnotherClock) {
  EXPECT_TRUE(holds(write_lease(7, kNow + kLength)));
  EXPECT_FALSE(holds(write_lease(7, kNow + kLength + 1)));
  EXPECT_FALSE(holds(write_lease(7, kNow + 3.2e10)));
}

TEST(Lease, X4_WhatIsNoLeaseIsNobodys) {
  for (const char* text : {"", "{}", "0000000000000007", "ffffffffffffffffffffffffffffffff",
                           "00000000000000070000000000000000"}) {
    EXPECT_FALSE(holds(text)) << text;
    EXPECT_FALSE(holds(text, 0)) << text;
    EXPECT_FALSE(holds(text, -1)) << text;  // by a clock that stands before 1970
  }
  const std::string lease = write_lease(7, kNow + 10'000);
  EXPECT_FALSE(holds(lease + "0"));
  EXPECT_FALSE(holds(lease.substr(1)));
  EXPECT_FALSE(holds(lease.substr(0, 31) + "G"));
}

TEST(Lease, R13_ATimeThatIsNoneIsOver) {
  for (const Milliseconds until : {-1.0, -kNever, kNever, 0.0, 9.0e15, 1e300, kNever - kNever}) {
    const std::string lease = write_lease(7, until);
    EXPECT_EQ(lease, (to_hex(7) += to_hex(0))) << until;
    EXPECT_FALSE(lease_holds(lease, 0, kNever)) << until;
  }
  const Milliseconds no_time = kNever - kNever;
  EXPECT_FALSE(holds(write_lease(7, kNow + 10'000), no_time));
}

TEST(Lease, TwoClaimsOfTheSameTimeDiffer) { EXPECT_NE(write_lease(7, kNow), write_lease(8, kNow)); }

}  // namespace
}  // namespace bearerkit
