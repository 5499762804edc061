// B1: which origins may get the token (RFC 6454, URL standard).
#include "formats/origin.h"

#include "core_test.h"
#include "formats/core_limits.h"

namespace bearerkit {
namespace {

TEST(Origin, TakesSerializedWebOrigins) {
  for (const char* origin : {"https://example.com",
                             "https://api.example.com",
                             "https://api.example.com:8443",
                             "http://example.com",
                             "http://example.com:443",
                             "https://example.com:80",
                             "https://example.com:65535",
                             "https://localhost:3000",
                             "https://xn--bcher-kva.de",
                             "https://a_b.example",
                             "https://example.com.",
                             "https://-a-.example",
                             "https://1.2.3.4",
                             "http://127.0.0.1:8080",
                             "http://255.255.255.255",
                             "http://0.0.0.0",
                             "http://[::1]",
                             "http://[::]:8080",
                             "http://[2001:db8::1:0:0:1]",
                             "http://[1:2:3:4:5:6:7:8]",
                             "https://1password.com",
                             "https://a.0xg",
                             "https://3com.3m"}) {
    EXPECT_TRUE(is_web_origin(origin)) << origin;
  }
}

TEST(Origin, RefusesWhatIsNoOrigin) {
  for (const char* origin : {"",
                             "null",
                             "example.com",
                             "//example.com",
                             "https:",
                             "https://",
                             "HTTPS://example.com",
                             "https://example.com/",
                             "https://example.com/x",
                             "https://example.com?x",
                             "https://example.com#x",
                             "https://user@example.com",
                             "https://user:pw@example.com",
                             "https://@example.com",
                             " https://example.com",
                             "https://example.com ",
                             "https://example.com\n",
                             "https://exa mple.com",

                             "https://example.com\\",
                             "https://*.example.com",
                             "https://*",
                             "ftp://example.com",
                             "ws://example.com",
                             "wss://example.com",
                             "file://",
                             "data:x",
                             "blob:https://example.com",
                             "chrome-extension://abc",
                             "https:/example.com",
                             "https:///example.com",
                             "https//example.com",
                             "javascript:alert(1)",
                             "about:blank"}) {
    EXPECT_FALSE(is_web_origin(origin)) << origin;
    EXPECT_FALSE(is_loopback(origin)) << origin;
  }
}

TEST(Origin, B1_Loopback) {
  for (const char* origin :
       {"http://localhost", "http://localhost:3000", "https://localhost", "http://app.localhost",
        "http://a.b.localhost:1", "http://127.0.0.1", "http://127.255.255.254:8000",
        "http://127.8.9.1:8080", "http://[::1]", "http://[::1]:8080"}) {
    EXPECT_TRUE(is_loopback(origin)) << origin;
  }
  for (const char* origin :
       {"http://example.com", "http://localhost.example.com", "http://notlocalhost",
        "http://localhost.", "http://127.0.0.1.example.com", "http://127.example.com",
        "http://128.0.0.1", "http://0.0.0.0", "http://[::2]", "http://10.0.0.1",
        "http://[::ffff:7f00:1]"}) {
    EXPECT_FALSE(is_loopback(origin)) << origin;
  }
}

TEST(OriginList, B1_OwnAndAddedOriginsOnly) {
  OriginList origins;
  EXPECT_FALSE(origins.allows("https://app.example.com"));
  origins.set_own("https://app.example.com");
  EXPECT_EQ(origins.add("https://api.example.com"), Error{});
  EXPECT_EQ(origins.add("https://api.example.com:8443"), Error{});
  EXPECT_TRUE(origins.allows("https://app.example.com"));
  EXPECT_TRUE(origins.allows("https://api.example.com"));
  EXPECT_TRUE(origins.allows("https://api.example.com:8443"));
}

TEST(OriginList, B1_LookAlikesAreRefused) {
  OriginList origins;
  origins.set_own("https://app.example.com");
  EXPECT_EQ(origins.add("https://api.example.com"), Error{});
  for (const char* origin : {"",
                             "null",
                             "https://api.example.com.evil.test",
                             "https://api.example.com.",
                             "https://API.example.com",
                             "https://api.example.com:443",
                             "https://api.example.com:8443",
                             "http://api.example.com",
                             "https://api.example.com/",
                             "https://api.example.co",
                             "https://api-example.com",
                             "https://apiXexample.com",
                             "https://evil.test",
                             "https://evilapi.example.com",
                             "https://x.api.example.com",
                             "https://example.com",
                             "https://api.example.com@evil.test",
                             "https://xn--pi-7sb.example.com",
                             "https://api.example.com ",
                             " https://api.example.com",
                             "api.example.com",
                             "wss://api.example.com",
                             "https://api.example.com\\.evil.test"}) {
    EXPECT_FALSE(origins.allows(origin)) << origin;
  }
  EXPECT_FALSE(origins.allows(std::string_view("https://api.example.com\0", 24)));
}

TEST(OriginList, B1_NullNeverMatches) {
  for (const char* own : {"", "null", "file://", "about:blank"}) {
    OriginList origins;
    origins.set_own(own);
    EXPECT_FALSE(origins.allows(own)) << own;
    EXPECT_FALSE(origins.allows("null"));
    EXPECT_FALSE(origins.allows(""));
    EXPECT_EQ(origins.add("null"), Error{ErrorCode::invalid_config});
  }
}

TEST(OriginList, B1_HttpOnlyOnLoopbackOrAsThePagesOwn) {
  OriginList origins;
  origins.set_own("http://intranet.example");
  EXPECT_TRUE(origins.allows("http://intranet.example"));
  EXPECT_FALSE(origins.allows("https://intranet.example"));
  EXPECT_EQ(origins.add("http://intranet.example"), Error{});
  EXPECT_EQ(origins.add("http://api.example.com"), Error{ErrorCode::invalid_config});
  EXPECT_EQ(origins.add("http://intranet.example:8080"), Error{ErrorCode::invalid_config});
  EXPECT_EQ(origins.add("http://localhost:3000"), Error{});
  EXPECT_EQ(origins.add("http://[::1]:3000"), Error{});
  EXPECT_FALSE(origins.allows("http://api.example.com"));
  EXPECT_TRUE(origins.allows("http://localhost:3000"));
}

TEST(OriginList, AddRefusesWhatIsNoOrigin) {
  OriginList origins;
  origins.set_own("https://app.example.com");
  for (const char* origin :
       {"", "*", "https://*.example.com", "https://api.example.com/", "data:x"}) {
    EXPECT_EQ(origins.add(origin), Error{ErrorCode::invalid_config}) << origin;
    EXPECT_FALSE(origins.allows(origin)) << origin;
  }
}

TEST(OriginList, TakesAsManyAsTheLimit) {
  OriginList origins;
  origins.set_own("https://app.example.com");
  for (std::size_t i = 0; i < limits::kMaxOrigins; i++) {
    EXPECT_EQ(origins.add("https://" + std::to_string(i) + "x.example.com"), Error{});
    EXPECT_EQ(origins.add("https://0x.example.com"), Error{});   // again
    EXPECT_EQ(origins.add("https://app.example.com"), Error{});  // the own
  }
  EXPECT_EQ(origins.add("https://one.more"), Error{ErrorCode::invalid_config});
  EXPECT_FALSE(origins.allows("https://one.more"));
  EXPECT_EQ(origins.add("https://63x.example.com"), Error{});
}

TEST(OriginList, B9_KnowsThePagesOwn) {
  OriginList origins;
  EXPECT_FALSE(origins.is_own(""));
  origins.set_own("https://app.example.com");
  EXPECT_EQ(origins.add("https://api.example.com"), Error{});
  EXPECT_TRUE(origins.is_own("https://app.example.com"));
  EXPECT_FALSE(origins.is_own("https://api.example.com"));
  EXPECT_FALSE(origins.is_own(""));
}

TEST(OriginList, SetOwnReplacesTheOwnOrigin) {
  OriginList origins;
  origins.set_own("https://a.example");
  origins.set_own("https://b.example");
  EXPECT_FALSE(origins.allows("https://a.example"));
  EXPECT_TRUE(origins.allows("https://b.example"));
  origins.set_own("null");
  EXPECT_FALSE(origins.allows("https://b.example"));
}

}  // namespace
}  // namespace bearerkit
