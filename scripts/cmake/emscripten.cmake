# The toolchain file of whichever Emscripten is on the PATH: Debian's and an emsdk keep theirs in
# different places, and both bring em-config, which tells.
execute_process(
  COMMAND em-config EMSCRIPTEN_ROOT
  OUTPUT_VARIABLE emscripten_root
  OUTPUT_STRIP_TRAILING_WHITESPACE
  RESULT_VARIABLE em_config_result)
if(NOT em_config_result EQUAL 0)
  message(FATAL_ERROR "em-config is not on the PATH: install Emscripten (or source emsdk_env.sh).")
endif()
include("${emscripten_root}/cmake/Modules/Platform/Emscripten.cmake")
