# GoogleTest from sources, since one test file is built by GCC, by Clang with sanitizers and by
# Emscripten, and a prebuilt library fits one of them at most. Nothing is downloaded.
# Defines gtest_main_local, unless BEARERKIT_TESTS is OFF, or AUTO and the sources are not there.
if(DEFINED ENV{GTEST_SOURCE_DIR})
  set(gtest_default "$ENV{GTEST_SOURCE_DIR}")
else()
  set(gtest_default /usr/src/googletest)
endif()
set(GTEST_SOURCE_DIR "${gtest_default}" CACHE PATH
  "GoogleTest's sources (Debian: package googletest), the folder that holds googletest/")
set(gtest "${GTEST_SOURCE_DIR}/googletest")

if(NOT BEARERKIT_TESTS)
  return()
endif()
if(NOT EXISTS "${gtest}/src/gtest-all.cc")
  if(BEARERKIT_TESTS STREQUAL "AUTO")
    return()
  endif()
  message(FATAL_ERROR "No GoogleTest sources in ${GTEST_SOURCE_DIR}: set -DGTEST_SOURCE_DIR=…")
endif()

add_library(gtest_main_local STATIC "${gtest}/src/gtest-all.cc" "${gtest}/src/gtest_main.cc")
target_include_directories(gtest_main_local SYSTEM PUBLIC "${gtest}/include" PRIVATE "${gtest}")
target_compile_definitions(gtest_main_local PUBLIC GTEST_HAS_EXCEPTIONS=0 GTEST_HAS_RTTI=0)
if(EMSCRIPTEN)
  # A WASI command has no threads, no second process and no pipes.
  target_compile_definitions(gtest_main_local PUBLIC
    GTEST_HAS_PTHREAD=0 GTEST_HAS_DEATH_TEST=0 GTEST_HAS_STREAM_REDIRECTION=0
    GTEST_HAS_FILE_SYSTEM=0)
else()
  find_package(Threads REQUIRED)
  target_link_libraries(gtest_main_local PUBLIC Threads::Threads)
endif()
