# The package in dist/ and the demo in build/demo/, made by Node and esbuild of the sources in
# TypeScript and of the module: target `dist`. Ninja does a step again when a file that the step
# reads is newer than what it has written. So a step writes only when nothing can fail any more.
find_program(NODE_EXECUTABLE node REQUIRED NO_CMAKE_FIND_ROOT_PATH)
set(root "${CMAKE_CURRENT_SOURCE_DIR}")
set(dist "${root}/dist")
set(generated "${root}/build/generated")
set(module "${CMAKE_CURRENT_BINARY_DIR}/bearerkit.wasm")
# By its file: it is a program of the system's, or a script, as npm has installed it.
set(bundle "${root}/node_modules/esbuild/bin/esbuild" --bundle --format=esm --log-level=warning)
set(always "${root}/package-lock.json" "${root}/scripts/cmake/package.cmake")

# A step that is a script: add_script(<of scripts/build/> OUTPUT … DEPENDS …)
function(add_script script)
  cmake_parse_arguments(PARSE_ARGV 1 step "" "" "OUTPUT;DEPENDS")
  set(path "${root}/scripts/build/${script}")
  add_custom_command(OUTPUT ${step_OUTPUT} COMMAND "${NODE_EXECUTABLE}" "${path}"
    DEPENDS "${path}" "${root}/scripts/lib/run.mjs" ${step_DEPENDS} ${always}
    COMMENT "scripts/build/${script}" VERBATIM)
endfunction()

# The numbers of the boundary, printed by the C++ that defines them. By the machine's own compiler:
# CMake knows only Emscripten's here.
set(abi "${CMAKE_CURRENT_BINARY_DIR}/print_abi")
add_custom_command(OUTPUT "${generated}/abi.ts" "${generated}/limits.ts"
  COMMAND c++ -std=c++20 -Wall -Wextra -Werror -iquote "${root}/src" -MD -MF "${abi}.d"
    -MT "${generated}/abi.ts" "${root}/bindings/print_abi.cpp" -o "${abi}"
  COMMAND "${abi}" > "${abi}.ts"
  COMMAND "${CMAKE_COMMAND}" -E make_directory "${generated}"
  COMMAND "${abi}" limits > "${generated}/limits.ts"
  COMMAND "${CMAKE_COMMAND}" -E rename "${abi}.ts" "${generated}/abi.ts"
  DEPENDS "${root}/bindings/print_abi.cpp" DEPFILE "${abi}.d"
  COMMENT "Constants of the boundary" VERBATIM)

set(export_names "${root}/scripts/build/export_names.mjs" "${root}/bindings/exports.h")
add_script(shrink.mjs OUTPUT "${module}" DEPENDS bearerkit "${root}/scripts/build/binaryen.mjs"
  ${export_names})
add_script(inline.mjs OUTPUT "${generated}/wasm_inline.ts" DEPENDS "${module}")
add_script(javascript.mjs OUTPUT "${dist}/javascript.js" DEPENDS "${module}" "${root}/package.json"
  "${root}/scripts/build/banner.mjs" "${root}/scripts/build/binaryen.mjs")

file(GLOB_RECURSE js_sources CONFIGURE_DEPENDS "${root}/js/*.ts")
list(APPEND js_sources "${root}/js/tsconfig.json" "${root}/tsconfig.base.json"
  "${generated}/abi.ts" "${generated}/limits.ts" "${generated}/wasm_inline.ts")
add_script(library.mjs
  OUTPUT "${dist}/index.js" "${dist}/external.js" "${dist}/shared.js" "${dist}/decode.js"
    "${dist}/tokens.js" "${dist}/devtools.js" "${dist}/react.js" "${dist}/vue.js"
    "${dist}/svelte.js" "${dist}/angular.js" "${dist}/testing.js" "${dist}/beside.js"
    "${dist}/beside_bundled.js" "${dist}/bearerkit.wasm"
  DEPENDS ${js_sources} "${module}" "${root}/package.json" "${root}/scripts/build/banner.mjs"
    "${root}/scripts/build/internal_names.mjs" "${root}/scripts/lib/files.mjs" ${export_names})
add_script(declarations.mjs
  OUTPUT "${dist}/index.d.ts" "${dist}/external.d.ts" "${dist}/decode.d.ts"
    "${dist}/devtools.d.ts" "${dist}/react.d.ts" "${dist}/vue.d.ts" "${dist}/svelte.d.ts"
    "${dist}/angular.d.ts" "${dist}/testing.d.ts"
    "${dist}/javascript.d.ts"
  DEPENDS ${js_sources} "${root}/scripts/lib/files.mjs")

# The command uses this very package, by its own name.
file(GLOB_RECURSE cli_sources CONFIGURE_DEPENDS "${root}/cli/*.ts")
add_custom_command(OUTPUT "${dist}/cli/bearerkit.js"
  COMMAND ${bundle} cli/main.ts --outfile=dist/cli/bearerkit.js --target=node20 --platform=node
    --external:bearerkit --charset=utf8
  DEPENDS ${cli_sources} ${always} WORKING_DIRECTORY "${root}" COMMENT "The command" VERBATIM)

file(GLOB_RECURSE server_sources CONFIGURE_DEPENDS "${root}/demo/server/*.ts")
add_custom_command(OUTPUT "${root}/build/demo/server.mjs"
  COMMAND ${bundle} demo/server/main.ts --outfile=build/demo/server.mjs --target=node20
    --platform=node --packages=external --sourcemap=inline
  DEPENDS ${server_sources} ${always} WORKING_DIRECTORY "${root}" COMMENT "Demo server" VERBATIM)

# Scripts and styles at the top; what they are made of stands in folders. The server hands out dist/ as /bearerkit/.
file(GLOB_RECURSE page_sources CONFIGURE_DEPENDS "${root}/demo/page/*")
set(page_entries ${page_sources})
list(FILTER page_entries EXCLUDE REGEX "\\.d\\.ts$|/(tsconfig\\.json|page\\.ts)$|/demo/page/.*/.*\\.(ts|css)$")
add_custom_command(OUTPUT "${root}/build/demo/page/index.html"
  COMMAND "${CMAKE_COMMAND}" -E rm -rf build/demo/page
  COMMAND ${bundle} ${page_entries} --outdir=build/demo/page --outbase=demo/page --target=es2022
    --external:/bearerkit/* --sourcemap=linked
    --loader:.html=copy --loader:.svg=copy
  DEPENDS ${page_sources} ${always} WORKING_DIRECTORY "${root}" COMMENT "Demo page" VERBATIM)

add_custom_target(dist DEPENDS "${dist}/index.js" "${dist}/index.d.ts" "${dist}/javascript.js"
  "${dist}/cli/bearerkit.js" "${root}/build/demo/server.mjs" "${root}/build/demo/page/index.html")
