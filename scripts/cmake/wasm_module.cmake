# The module that ships: bindings/ and the core, without any JavaScript by Emscripten.
# Which functions it exports is written at their declarations (bindings/exports.h).

# -sTOTAL_STACK got its present name, STACK_SIZE, in 3.1.25.
if(EMSCRIPTEN_VERSION VERSION_LESS 3.1.25)
  set(wasm_stack_option -sTOTAL_STACK)
else()
  set(wasm_stack_option -sSTACK_SIZE)
endif()

# A linker that is told of -flto takes the system's libraries as bitcode. LLVM 21's then takes in
# all that the JavaScript library, of which nothing ships, could call: exception classes above all,
# in the place of which bindings/wasm_libcxx.cpp stands. It optimises our bitcode without being told;
# LLVM 14's and 19's would not know then that the libraries call malloc.
set(wasm_link_options ${wasm_size_options})
if(EMSCRIPTEN_VERSION VERSION_GREATER_EQUAL 4)
  list(REMOVE_ITEM wasm_link_options -flto)
endif()

if(binding_sources)
  add_executable(bearerkit ${binding_sources})
  set_target_properties(bearerkit PROPERTIES OUTPUT_NAME bearerkit_linked SUFFIX .wasm)
  target_link_libraries(bearerkit PRIVATE bearerkit_core bearerkit_warnings)
  # No allocator of Emscripten: see bindings/wasm_memory.cpp.
  # 64 KiB of stack: the deepest recursion is bounded by limits::kMaxJsonDepth, and nothing recurses
  # in it. 256 KiB to start with: more is taken when a large token comes.
  target_compile_options(bearerkit PRIVATE ${wasm_size_options})
  target_link_options(bearerkit PRIVATE ${wasm_link_options} --no-entry
    -sSTANDALONE_WASM -sALLOW_MEMORY_GROWTH -sINITIAL_MEMORY=262144 ${wasm_stack_option}=65536
    -sMALLOC=none -sFILESYSTEM=0 -sASSERTIONS=0)
endif()
