# The checks that other programs make: target `lint`, in the preset of that name. What takes long is
# done again only when a file that it reads is newer; the rest is quick.
find_program(NODE_EXECUTABLE node REQUIRED NO_CMAKE_FIND_ROOT_PATH)
find_program(CLANG_TIDY clang-tidy REQUIRED)
set(root "${CMAKE_CURRENT_SOURCE_DIR}")
set(modules "${root}/node_modules")

# clang-tidy goes with the compiler: Ninja knows from the latter which headers a file includes.
set_target_properties(bearerkit_core bearerkit_bindings PROPERTIES
  CXX_CLANG_TIDY "${CLANG_TIDY};--quiet")
set_source_files_properties(${core_sources} ${binding_sources} PROPERTIES
  OBJECT_DEPENDS "${root}/.clang-tidy")
add_custom_target(lint DEPENDS bearerkit_core bearerkit_bindings)

foreach(folder IN ITEMS js cli demo tests scripts build/generated dist)
  file(GLOB_RECURSE found CONFIGURE_DEPENDS "${root}/${folder}/*.ts" "${root}/${folder}/*.mjs"
    "${root}/${folder}/*.js" "${root}/${folder}/*.json")
  list(APPEND web ${found})
endforeach()
list(FILTER web EXCLUDE REGEX "/node_modules/")
foreach(file IN ITEMS tsconfig.json tsconfig.base.json eslint.config.js package.json package-lock.json)
  list(APPEND web "${root}/${file}")
endforeach()

# A check that Node makes of all that is TypeScript or JavaScript: add_check(<name> DEPENDS … COMMAND …)
function(add_check name)
  cmake_parse_arguments(PARSE_ARGV 1 check "" "" "DEPENDS;COMMAND")
  set(passed "${CMAKE_CURRENT_BINARY_DIR}/${name}.passed")
  add_custom_command(OUTPUT "${passed}" COMMAND "${NODE_EXECUTABLE}" ${check_COMMAND}
    COMMAND "${CMAKE_COMMAND}" -E touch "${passed}"
    DEPENDS ${web} ${check_DEPENDS} WORKING_DIRECTORY "${root}" COMMENT "${name}" VERBATIM)
  add_custom_target("${name}" DEPENDS "${passed}")
  add_dependencies(lint "${name}")
endfunction()

# Without the caches of their own. ESLint's knows a file by itself, but a mistake in it may come of the
# types in another one; and `tsc -b` does not look at the declarations in dist/.
add_check(eslint COMMAND "${modules}/eslint/bin/eslint.js" .)
foreach(project IN ITEMS . js cli demo/server demo/page tests/bench tests/recipes)
  string(REPLACE "/" "-" name "tsc-${project}")
  add_check("${name}" COMMAND "${modules}/typescript/bin/tsc" -p "${project}")
endforeach()
add_check(examples DEPENDS "${root}/README.md" "${root}/docs/RECIPES.md"
  COMMAND scripts/lint/examples.mjs)
add_check(options COMMAND scripts/lint/options.mjs)
add_check(typedoc DEPENDS "${root}/typedoc.json" "${root}/scripts/docs.mjs"
  COMMAND scripts/docs.mjs build/docs/api)
# What the diagrams of docs/MACHINE.md are made by.
add_executable(print_tables EXCLUDE_FROM_ALL scripts/docs/print_tables.cpp)
target_link_libraries(print_tables PRIVATE bearerkit_core bearerkit_warnings)

add_custom_target(reference COMMAND diff -r docs/api build/docs/api DEPENDS typedoc
  WORKING_DIRECTORY "${root}" COMMENT "docs/api is what `npm run docs` writes" VERBATIM)
add_custom_target(prettier
  COMMAND "${NODE_EXECUTABLE}" "${modules}/prettier/bin/prettier.cjs" --check --log-level warn
    --cache --cache-strategy content --cache-location build/lint/prettier .
  WORKING_DIRECTORY "${root}" COMMENT "prettier" VERBATIM)
file(GLOB_RECURSE cpp CONFIGURE_DEPENDS "${root}/src/*.cpp" "${root}/src/*.h"
  "${root}/bindings/*.cpp" "${root}/bindings/*.h" "${root}/tests/*.cpp" "${root}/tests/*.h"
  "${root}/scripts/*.cpp")
list(FILTER cpp EXCLUDE REGEX "/node_modules/")
add_custom_target(clang-format COMMAND clang-format --dry-run -Werror ${cpp}
  COMMENT "clang-format" VERBATIM)
add_dependencies(lint reference prettier clang-format)
