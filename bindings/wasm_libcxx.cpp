// Stand-ins for the exception classes of the C++ library.
//
// nlohmann/json makes an exception object for each error, to hand it to the SAX handler, which does
// not look at it (src/formats/json_reader.cpp). The library's own classes bring run-time type
// information with them, and that the code which walks it: 3 % of the module. Nothing here is ever
// thrown: the module is built without exceptions.
#include <exception>
#include <stdexcept>

_LIBCPP_BEGIN_NAMESPACE_STD
// Where libc++ keeps the message of a runtime_error.
__libcpp_refstring::__libcpp_refstring(const char* message) : __imp_(message) {}
__libcpp_refstring::~__libcpp_refstring() {}  // NOLINT(modernize-use-equals-default)
_LIBCPP_END_NAMESPACE_STD

namespace std {  // NOLINT(cert-dcl58-cpp): they take the place of the library's

exception::~exception() noexcept = default;
const char* exception::what() const noexcept { return ""; }

runtime_error::runtime_error(const char* /*message*/) : __imp_("") {}
runtime_error::~runtime_error() noexcept {}  // NOLINT(modernize-use-equals-default)
const char* runtime_error::what() const noexcept { return ""; }

}  // namespace std
