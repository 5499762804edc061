// The requests under way, and their ids.
#include "machine/requests.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "formats/core_limits.h"

namespace bearerkit {
namespace {

Request of_session(std::uint64_t session) {
  Request request;
  request.session = session;
  return request;
}

TEST(RequestsTest, AnIdFindsItsRequest) {
  Requests requests;
  const RequestId one = requests.add(of_session(1));
  const RequestId two = requests.add(of_session(2));
  EXPECT_NE(one, 0u);
  EXPECT_NE(one, two);
  ASSERT_NE(requests.find(one), nullptr);
  EXPECT_EQ(requests.find(one)->session, 1u);
  EXPECT_EQ(requests.find(two)->session, 2u);
  EXPECT_EQ(requests.size(), 2u);
}

TEST(RequestsTest, AnIdThatNeverWasFindsNone) {
  Requests requests;
  const RequestId id = requests.add(of_session(1));
  for (const RequestId other : {0u, id + 1, id | 1u << 16, id | 1u << 24, 0xffffu, ~0u}) {
    EXPECT_EQ(requests.find(other), nullptr) << other;
    EXPECT_FALSE(requests.remove(other)) << other;
  }
  EXPECT_EQ(requests.size(), 1u);
}

TEST(RequestsTest, R10_ARequestEndsOnce) {
  Requests requests;
  const RequestId id = requests.add(of_session(1));
  EXPECT_TRUE(requests.remove(id));
  EXPECT_EQ(requests.find(id), nullptr);
  EXPECT_FALSE(requests.remove(id));
  EXPECT_EQ(requests.size(), 0u);
}

TEST(RequestsTest, R10_AnOldIdIsNotThatOfALaterRequest) {
  Requests requests;
  std::set<RequestId> seen;
  for (int i = 0; i < 256; i++) {
    const RequestId id = requests.add(of_session(1));
    EXPECT_TRUE(seen.insert(id).second);
    EXPECT_LT(id, 1u << 24);
    EXPECT_TRUE(requests.remove(id));
  }
  const RequestId again = requests.add(of_session(1));
  EXPECT_TRUE(seen.contains(again));
  EXPECT_EQ(requests.size(), 1u);
}

TEST(RequestsTest, ThereAreOnlySoManyAtOnce) {
  Requests requests;
  RequestId last = 0;
  for (std::size_t i = 0; i < limits::kMaxRequests; i++) {
    last = requests.add(of_session(i));
    ASSERT_NE(last, 0u);
    ASSERT_LT(last, 1u << 24);
  }
  EXPECT_EQ(requests.find(last)->session, limits::kMaxRequests - 1);
  EXPECT_EQ(requests.add(of_session(1)), 0u);
  EXPECT_TRUE(requests.remove(last));
  EXPECT_NE(requests.add(of_session(1)), 0u);
  EXPECT_EQ(requests.add(of_session(1)), 0u);
}

TEST(RequestsTest, R1_WhoWaitsIsTakenOnceInTheOrderOfComing) {
  Requests requests;
  const RequestId one = requests.add(of_session(1));
  const RequestId two = requests.add(of_session(2));
  requests.add_waiter(two);
  requests.add_waiter(one);
  const List<RequestId> taken = requests.take_waiters();
  EXPECT_EQ(std::vector<RequestId>(taken.begin(), taken.end()), (std::vector<RequestId>{two, one}));
  EXPECT_TRUE(requests.take_waiters().empty());
}

TEST(RequestsTest, F4_WhoGivesUpLeavesAVoidId) {
  Requests requests;
  const RequestId one = requests.add(of_session(1));
  requests.add_waiter(one);
  requests.remove(one);
  requests.add(of_session(2));
  for (const RequestId id : requests.take_waiters()) EXPECT_EQ(requests.find(id), nullptr);
}

TEST(RequestsTest, F3_TheFlagTellsTheBody) {
  Request request;
  EXPECT_EQ(request.body(), Body::replayable);
  request.flags = unsafe_method;
  EXPECT_EQ(request.body(), Body::replayable);
  request.flags = unsafe_method | one_shot_body;
  EXPECT_EQ(request.body(), Body::one_shot);
}

TEST(RequestsTest, AWaiterIsOfOneOfFourKinds) {
  Request request;
  EXPECT_EQ(request.waiter(), Waiter::unsent);
  request.answered = true;
  EXPECT_EQ(request.waiter(), Waiter::answered);
  request.kind = RequestKind::token;
  EXPECT_EQ(request.waiter(), Waiter::token_call);
  request.kind = RequestKind::refresh;
  EXPECT_EQ(request.waiter(), Waiter::refresh_call);
}

}  // namespace
}  // namespace bearerkit
