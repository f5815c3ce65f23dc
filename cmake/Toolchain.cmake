# Warnings, sanitizers, and the two tools that make waiting short.

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  add_link_options(-fuse-ld=mold)
endif()

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
