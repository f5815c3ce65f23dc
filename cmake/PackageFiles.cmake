# Before the packages are closed: manual pages and changelogs as Debian wants them, and the modes that files have everywhere,
# whatever the umask of who builds.
file(GLOB_RECURSE texts "${CPACK_TEMPORARY_DIRECTORY}/*/usr/share/man/*.1"
  "${CPACK_TEMPORARY_DIRECTORY}/*/usr/share/doc/*/changelog.Debian")
foreach(text ${texts})
  execute_process(COMMAND gzip -9n -f "${text}" COMMAND_ERROR_IS_FATAL ANY)
endforeach()

set(everybody_enters OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
file(GLOB_RECURSE all LIST_DIRECTORIES true "${CPACK_TEMPORARY_DIRECTORY}/*")
foreach(path ${all})
  if(IS_DIRECTORY "${path}" OR path MATCHES "/usr/bin/")
    file(CHMOD "${path}" PERMISSIONS ${everybody_enters})
  else()
    file(CHMOD "${path}" PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
  endif()
endforeach()
