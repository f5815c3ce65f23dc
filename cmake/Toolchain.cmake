# Warnings, sanitizers, and the two tools that make waiting short.

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  # Checkouts in different folders share what the compiler has done, precompiled headers included (Precompiled.cmake).
  set(CMAKE_CXX_COMPILER_LAUNCHER
    env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 CCACHE_PCH_EXTSUM=1
    CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE_PROGRAM})
endif()
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  add_link_options(-fuse-ld=mold)
endif()

# For every source alike: a precompiled header is taken only where it is the same.
add_compile_options(-pthread)

# Linked by our own code only: generated code and libraries are not ours to mend.
add_library(assent_warnings INTERFACE)
target_compile_options(assent_warnings INTERFACE -Wall -Wextra -Wshadow -Wconversion -Werror)

set(ASSENT_SANITIZE "" CACHE STRING "address (with undefined behaviour), thread, or nothing")
if(ASSENT_SANITIZE STREQUAL "address")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
elseif(ASSENT_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
  add_link_options(-fsanitize=thread)
elseif(NOT ASSENT_SANITIZE STREQUAL "")
  message(FATAL_ERROR "ASSENT_SANITIZE is '${ASSENT_SANITIZE}': address, thread or nothing")
endif()
