// Web origins (RFC 6454, URL standard) and which of them may get the token (B1).
#pragma once

#include <cstddef>
#include <string_view>

#include "formats/error.h"
#include "formats/text.h"

namespace bearerkit {

// Whether the text is a serialized origin of http or https, `scheme://host[:port]`, with nothing
// behind it. False for "null" and other schemes. The host is not examined: the caller takes origins
// from `URL.origin`, and they are compared as a whole.
bool is_web_origin(std::string_view origin);

// http is fit for a token only on a loopback host: localhost, *.localhost, 127.0.0.0/8, [::1].
// False if the text is no web origin.
bool is_loopback(std::string_view origin);

// The list of origins that get the token. Compared whole and exact (B1).
class OriginList {
 public:
  // The page's own origin; http is accepted (a page on plain http has no other), but see allows().
  // Empty, "null" or no web origin: the page has none (Node, opaque origins).
  void set_own(std::string_view origin);
  // Another origin. invalid_config if it is no web origin, if it is http, not loopback and not the
  // own origin, or if limits::kMaxOrigins is reached. An origin twice is no error.
  Error add(std::string_view origin);
  // B1: exact equality with one of the list; "null" never matches.
  bool allows(std::string_view origin) const;
  // The page's own.
  bool is_own(std::string_view origin) const { return !origin.empty() && origin == own_; }

 private:
  Text own_;
  Text others_;  // each with a line feed behind it, which no origin holds
  std::size_t count_ = 0;
};

}  // namespace bearerkit
