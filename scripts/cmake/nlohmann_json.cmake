# nlohmann/json through an include directory that holds nothing else: its usual home is /usr/include,
# and -I/usr/include would put the host's C headers in front of Emscripten's.
find_path(NLOHMANN_JSON_INCLUDE_DIR nlohmann/json.hpp
  HINTS /usr/include /usr/local/include /opt/homebrew/include
  NO_CMAKE_FIND_ROOT_PATH
  REQUIRED)
set(nlohmann_only "${CMAKE_CURRENT_BINARY_DIR}/include/nlohmann_only")
file(MAKE_DIRECTORY "${nlohmann_only}")
file(CREATE_LINK "${NLOHMANN_JSON_INCLUDE_DIR}/nlohmann" "${nlohmann_only}/nlohmann"
  COPY_ON_ERROR SYMBOLIC)

add_library(nlohmann_json_only INTERFACE)
target_include_directories(nlohmann_json_only SYSTEM INTERFACE "${nlohmann_only}")
# No exceptions: what would throw becomes an abort, which the SAX interface never reaches. No
# streams: they would bring in the whole locale machinery.
target_compile_definitions(nlohmann_json_only INTERFACE JSON_NOEXCEPTION JSON_NO_IO)
