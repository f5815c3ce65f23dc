# How targets are declared: one library per folder, one test program per folder of tests.

# Up to so many sources of a target are compiled as one, which halves the time of a whole build: they share what they
# instantiate. Off for an editor, and to see that each source stands alone.
option(ASSENT_UNITY "Compile several sources of a target at once" ON)
set(CMAKE_UNITY_BUILD ${ASSENT_UNITY})
set(CMAKE_UNITY_BUILD_BATCH_SIZE 8)

# assent_library(NAME [HEADERS_ONLY | PRECOMPILED headers] [SOURCES file...] [PUBLIC target...] [PRIVATE target...])
function(assent_library name)
  cmake_parse_arguments(arg "HEADERS_ONLY" "PRECOMPILED" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  if(arg_HEADERS_ONLY)
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} INTERFACE ${arg_PUBLIC})
    return()
  endif()
  add_library(${name} STATIC ${arg_SOURCES})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE} assent_warnings)
  assent_use_precompiled(${name} ${arg_PRECOMPILED})
endfunction()

# assent_executable(NAME [PRECOMPILED headers] SOURCES file... DEPENDS target...)
function(assent_executable name)
  cmake_parse_arguments(arg "" "PRECOMPILED" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${arg_DEPENDS} assent_warnings)
  assent_use_precompiled(${name} ${arg_PRECOMPILED})
  add_dependencies(programs ${name})
endfunction()

# assent_test(NAME [SEPARATE] SOURCES file... DEPENDS target...): a GoogleTest program. CTest runs it as a whole: a process
# for each of its tests would take longer to start than most tests take. SEPARATE: its files use the same names.
function(assent_test name)
  cmake_parse_arguments(arg "SEPARATE" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  if(arg_SEPARATE)
    set_target_properties(${name} PROPERTIES UNITY_BUILD OFF)
  endif()
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${arg_DEPENDS} GTest::gtest GTest::gmock GTest::gtest_main assent_warnings)
  assent_use_precompiled(${name} precompiled_tests)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 1800)
  add_dependencies(all_tests ${name})
endfunction()

# Adds the folders that exist.
macro(assent_subdirectories)
  foreach(folder ${ARGN})
    if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/CMakeLists.txt)
      add_subdirectory(${folder})
    endif()
  endforeach()
endmacro()
