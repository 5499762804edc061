// Errors are values: the core is built without exceptions.
#pragma once

#include <cstdint>
#include <utility>

namespace bearerkit {

// The codes that reach the app, as snake_case names (see bindings/, which publishes this very
// list). Jwt* and the following decode codes are thrown as JwtError, the others as AuthError.
#define BEARERKIT_ERROR_CODES(X)                                                    \
  X(none)                                                                           \
  /* decode: JwtError */                                                            \
  X(malformed)            /* D1 not three parts */                                  \
  X(encrypted)            /* D1 five parts: a JWE, which only its audience reads */ \
  X(too_large)            /* D6 */                                                  \
  X(invalid_base64url)    /* D2, with part and offset */                            \
  X(invalid_utf8)         /* D3 */                                                  \
  X(invalid_json)         /* D3 */                                                  \
  X(not_an_object)        /* D3 */                                                  \
  X(too_deep)             /* D6 */                                                  \
  X(number_out_of_range)  /* E2 a number beyond a double */                         \
  X(invalid_numeric_date) /* E2 exp, nbf or iat that is no number */                \
  X(not_a_string)         /* the argument is no string */                           \
  /* client: AuthError */                                                           \
  X(invalid_config)                                                                 \
  X(invalid_access_token)   /* B3 not visible ASCII */                              \
  X(invalid_token_response) /* R4 no access token in what was handed in */          \
  X(unsupported_token_type) /* R4 token_type is not Bearer */                       \
  X(refresh_failed)         /* R8 transient: the session is kept */                 \
  X(refresh_rejected)       /* R6 terminal: the session is over */                  \
  X(signed_out)                                                                     \
  X(too_many_requests)                                                              \
  X(closed)                                                                         \
  X(core_failed)      /* neither build of it could be started */                    \
  X(core_not_ready)   /* the JavaScript build has yet to be loaded */               \
  X(waits_for_itself) /* R21 a call made by the refresh function that it would wait for */

enum class ErrorCode : std::uint32_t {
#define BEARERKIT_ENUMERATE(name) name,
  BEARERKIT_ERROR_CODES(BEARERKIT_ENUMERATE)
#undef BEARERKIT_ENUMERATE
};

// The part of a token that an error is about.
enum class TokenPart : std::uint32_t { none, header, payload, signature };

// What went wrong and where. Holds positions only, never a piece of the input (D10).
struct Error {
  ErrorCode code = ErrorCode::none;
  TokenPart part = TokenPart::none;
  // Byte offset: within the part's base64url text for invalid_base64url, within the decoded
  // bytes for the JSON and UTF-8 errors.
  std::uint32_t offset = 0;

  constexpr explicit operator bool() const { return code != ErrorCode::none; }
};

// A value or an error. (std::expected is C++23.)
template <typename T>
class Result {
 public:
  // Implicit, so that functions can `return value;` and `return Error{...};`.
  Result(T value) : value_(std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Result(Error error) : error_(error) {}         // NOLINT(google-explicit-constructor)

  bool ok() const { return !error_; }
  explicit operator bool() const { return ok(); }
  const Error& error() const { return error_; }
  // Only after ok().
  T& operator*() { return value_; }
  const T& operator*() const { return value_; }
  T* operator->() { return &value_; }
  const T* operator->() const { return &value_; }

 private:
  T value_{};
  Error error_{};
};

}  // namespace bearerkit
