// X3: what tabs tell each other.
#include "machine/peer_message.h"

#include "core_test.h"

namespace bearerkit {
namespace {

using Kind = PeerMessage::Kind;

TEST(PeerMessageTest, X3_OneLineOfText) {
  EXPECT_EQ(write_peer_message({Kind::changed, 1}), "bearerkit 1 changed 0000000000000001");
  EXPECT_EQ(write_peer_message({Kind::signed_in, 2}), "bearerkit 1 signed_in 0000000000000002");
  EXPECT_EQ(write_peer_message({Kind::signed_out, 0x00112233445566ff}),
            "bearerkit 1 signed_out 00112233445566ff");
  EXPECT_EQ(write_peer_message({Kind::ended, ~std::uint64_t{0}}),
            "bearerkit 1 ended ffffffffffffffff");
}

TEST(PeerMessageTest, X3_WhatIsWrittenIsReadAsItWas) {
  for (const Kind kind : {Kind::changed, Kind::signed_in, Kind::signed_out, Kind::ended}) {
    const Result<PeerMessage> read = read_peer_message(write_peer_message({kind, 42}));
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->kind, kind);
    EXPECT_EQ(read->session, 42u);
  }
}

TEST(PeerMessageTest, X9_TokensAndQuestionsHaveMoreToSay) {
  const std::string ask = write_peer_message({Kind::ask, 5, 7, {}});
  EXPECT_EQ(ask, "bearerkit 1 ask 0000000000000005 0000000000000007");
  EXPECT_EQ(read_peer_message(ask)->generation, 7u);
  const std::string tokens = write_peer_message({Kind::tokens, 5, 0, R"({"a":" b"})"});
  EXPECT_EQ(tokens, R"(bearerkit 1 tokens 0000000000000005 {"a":" b"})");
  EXPECT_EQ(read_peer_message(tokens)->record, R"({"a":" b"})");
  EXPECT_EQ(read_peer_message(write_peer_message({Kind::refreshing, 5}))->kind, Kind::refreshing);
  EXPECT_FALSE(read_peer_message("bearerkit 1 tokens 5 {}").ok());
  EXPECT_FALSE(read_peer_message("bearerkit 1 refreshing 0000000000000005 {}").ok());
}

TEST(PeerMessageTest, X3_WhatIsNotOfThisFormIsNotForUs) {
  for (const char* text :
       {"", "bearerkit", "bearerkit 1 changed", "bearerkit 1 changed ", "{}",
        "bearerkit 1 changed 0000000000000000", "bearerkit 1 changed 1",
        "bearerkit 1 changed 0000000000000001 ", "bearerkit 1 changed  000000000000001",
        " bearerkit 1 changed 0000000000000001", "Bearerkit 1 changed 0000000000000001",
        "bearerkit 2 changed 0000000000000001", "bearerkit 1 other 0000000000000001",
        "bearerkit 1 signed 0000000000000001", "bearerkit 1 ended 00112233445566FF"}) {
    const Result<PeerMessage> read = read_peer_message(text);
    EXPECT_FALSE(read.ok()) << text;
  }
}

}  // namespace
}  // namespace bearerkit
