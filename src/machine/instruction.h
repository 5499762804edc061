// The words of a request: what the caller tells of it, and how the machine lets it go on.
#pragma once

#include <cstdint>

namespace bearerkit {

#define BEARERKIT_REQUEST_KINDS(X)                           \
  X(fetch)   /* ends by send, then deliver or retry */       \
  X(token)   /* getAccessToken: ends by the effect finish */ \
  X(refresh) /* refresh(): the same; starts one even when the token is fresh */

enum class RequestKind : std::uint32_t {
#define BEARERKIT_ENUMERATE(name) name,
  BEARERKIT_REQUEST_KINDS(BEARERKIT_ENUMERATE)
#undef BEARERKIT_ENUMERATE
};

// L4: what the timeline calls a request's method, by its place. Those of C2 that change nothing
// come first. Any other has the number kOtherMethod.
#define BEARERKIT_METHODS(X) X(GET) X(HEAD) X(OPTIONS) X(TRACE) X(POST) X(PUT) X(PATCH) X(DELETE)
inline constexpr std::uint32_t kMethodBits = 4;
inline constexpr std::uint32_t kOtherMethod = (1u << kMethodBits) - 1;

#define BEARERKIT_ENUMERATE_VALUE(name, value) name = value,

// What the caller knows of a request (bits).
#define BEARERKIT_REQUEST_FLAGS(X)                                                      \
  X(foreign_origin, 1)       /* B2 not an allowed origin, or one that cannot be told */ \
  X(caller_authorization, 2) /* B4 has an Authorization header already */               \
  X(no_cors, 4)              /* F5 mode no-cors: headers cannot be set */               \
  X(one_shot_body, 8)        /* F3 a stream */                                          \
  X(unsafe_method, 16)       /* C2 not GET, HEAD, OPTIONS or TRACE */                   \
  X(no_retry, 32)            /* F9 its 401 is the caller's */                           \
  X(cannot_wait, 64)         /* F10 keepalive, while the page goes away */              \
  X(own_origin, 128)         /* B9 the page's own origin */                             \
  X(caller_credentials, 256) /* B9 the caller has said which credentials go along */    \
  X(aborted, 512)            /* F11 its signal was aborted before the call */

enum RequestFlag : std::uint32_t { BEARERKIT_REQUEST_FLAGS(BEARERKIT_ENUMERATE_VALUE) };
// L4: the number of the method stands above the flags, in kMethodBits.
inline constexpr std::uint32_t kMethodShift = 10;
// B10: a foreign origin has a number above that (see origin_flags.h); 0: none that can be
// told.
inline constexpr std::uint32_t kOriginNumberShift = 16;

// What the caller knows of an answer (bits).
#define BEARERKIT_ANSWER_FLAGS(X)                                           \
  X(final_origin_allowed, 1) /* B8 no redirect ended at a foreign origin */ \
  X(app_may_refuse, 2)       /* R15 the app has a word on it, not yet asked for */

enum AnswerFlag : std::uint32_t { BEARERKIT_ANSWER_FLAGS(BEARERKIT_ENUMERATE_VALUE) };

// An instruction: how a request goes on (bits). The answer to handle_request and handle_response,
// and the flags of the effects send and retry. The id of the request is in the upper 24 bits.
#define BEARERKIT_INSTRUCTION_FLAGS(X)                                                         \
  X(go, 1)          /* send it now, or deliver the answer now */                               \
  X(with_token, 2)  /* B1 with `Authorization: Bearer` and the access token */                 \
  X(credentials, 4) /* C1 with credentials: 'include' */                                       \
  X(csrf, 8)        /* C2 with the CSRF header */                                              \
  X(tracked, 16)    /* its answer goes to handle_response (or an input transport_error); of an \
                       answer, R15: ask the app first, then tell it again */                   \
  X(effects, 32)    /* effects are queued: poll_effect */                                      \
  X(refused, 64)    /* not sent: too_many_requests, or closed */                               \
  X(without_credentials, 128) /* L2 with credentials: 'omit': not the new user's cookie */

enum InstructionFlag : std::uint32_t { BEARERKIT_INSTRUCTION_FLAGS(BEARERKIT_ENUMERATE_VALUE) };
#undef BEARERKIT_ENUMERATE_VALUE
inline constexpr std::uint32_t kInstructionIdShift = 8;

}  // namespace bearerkit
