// Web origins (RFC 6454, URL standard) and which of them may get the token (B1).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "error.h"

namespace bearerkit {

// Whether the text has the form of a serialized origin, `scheme://host[:port]`, of http or https:
// lower case, no path, no user info, no default port. "null", other schemes and everything else
// give false. Spellings of an address that `URL.origin` never gives (`http://0x7f.1`) are not told
// apart: the origins of requests come from there, and are compared whole.
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
