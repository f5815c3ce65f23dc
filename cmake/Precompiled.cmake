# What most sources read before their own first line is compiled once: parsing it is most of what a compilation costs.
# Sources still include what they use; a build with -DASSENT_PRECOMPILE=OFF shows one that does not.

option(ASSENT_PRECOMPILE "Precompile the headers that most sources read" ON)

# assent_precompile(NAME DEPENDS target... HEADERS <header>...): a target whose precompiled headers others take.
function(assent_precompile name)
  if(NOT ASSENT_PRECOMPILE)
    return()
  endif()
  cmake_parse_arguments(arg "" "" "DEPENDS;HEADERS" ${ARGN})
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${name}.cc)
  file(CONFIGURE OUTPUT ${source} CONTENT "")
  add_library(${name} OBJECT ${source})
  target_link_libraries(${name} PRIVATE ${arg_DEPENDS})
  target_precompile_headers(${name} PRIVATE ${arg_HEADERS})

  # What ccache knows the precompiled file by, since the compiler writes different bytes each time: all that is in it.
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${name}.dir)
  set(sum cmake_pch.hxx.gch.sum)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    set(sum cmake_pch.hxx.pch.sum)
    target_compile_options(${name} PUBLIC "SHELL:-Xclang -fno-pch-timestamp")
  endif()
  set(includes "$<REMOVE_DUPLICATES:$<FILTER:$<TARGET_PROPERTY:${name},INCLUDE_DIRECTORIES>,EXCLUDE,^/usr/include$>>")
  add_custom_command(
    OUTPUT ${folder}/${sum}
    COMMAND ${CMAKE_CXX_COMPILER} -std=c++20 "$<$<BOOL:${includes}>:-I$<JOIN:${includes},;-I>>"
            -fmacro-prefix-map=${CMAKE_BINARY_DIR}= -E -P -w -x c++ cmake_pch.hxx -o ${name}.text
    COMMAND ${CMAKE_COMMAND} -E sha256sum ${name}.text > ${sum}
    COMMAND ${CMAKE_COMMAND} -E rm ${name}.text
    WORKING_DIRECTORY ${folder}
    DEPENDS ${folder}/cmake_pch.hxx ${arg_DEPENDS}
    COMMAND_EXPAND_LISTS VERBATIM)
  add_custom_target(${name}_sum DEPENDS ${folder}/${sum})
  add_dependencies(${name} ${name}_sum)
endfunction()

# assent_use_precompiled(TARGET [NAME]): the target's sources take what NAME has compiled, "precompiled" when left out.
function(assent_use_precompiled target)
  if(ASSENT_PRECOMPILE)
    list(APPEND ARGN precompiled)
    list(GET ARGN 0 name)
    target_precompile_headers(${target} REUSE_FROM ${name})
  endif()
endfunction()
