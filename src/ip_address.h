// IP addresses in the one spelling that the URL standard's host serializer gives them.
#pragma once

#include <string_view>

namespace bearerkit {

// Whether the URL standard reads a host as an IPv4 address: its last label (a dot at the end not
// counted) is a decimal or hexadecimal number.
bool ends_in_a_number(std::string_view host);

// Four decimal numbers from 0 to 255 without leading zeros.
bool is_canonical_ipv4(std::string_view address);

// Without the brackets: eight groups in lower case without leading zeros, the first of the longest
// runs of two or more zero groups written as "::".
bool is_canonical_ipv6(std::string_view address);

}  // namespace bearerkit
