// Web origins (RFC 6454, URL standard) and which of them may get the token (B1).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "formats/error.h"

namespace bearerkit {

// Whether the text is a serialized origin of http or https, `scheme://host[:port]`, with nothing
// behind it. "null" and other schemes are none. Which host and which spelling of it is not looked
// at: the caller takes origins from `URL.origin`, and they are compared whole.
bool is_web_origin(std::string_view origin);

// http is fit for a token only on a loopback host: localhost, *.localhost, 127.0.0.0/8, [::1].
// False for what is no web origin.
bool is_loopback(std::string_view origin);

// The list of origins that get the token. Compared whole and exact (B1).
class OriginList {
 public:
  // The page's own origin: http is taken as it is (a page on plain http has no better), but see
  // allows(). Empty, "null" or no web origin: there is none (Node, opaque origins).
  void set_own(std::string_view origin);
  // Another origin. invalid_config when it is no web origin, is http and not loopback while not
  // equal to the own origin, or when limits::kMaxOrigins is reached. One that is in the list
  // already is no error and takes no place.
  Error add(std::string_view origin);
  // B1: exact equality with one of the list; "null" never matches.
  bool allows(std::string_view origin) const;

 private:
  std::string own_;
  std::string others_;  // each with a line feed behind it, which no origin holds
  std::size_t count_ = 0;
};

}  // namespace bearerkit
