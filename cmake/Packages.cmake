# Two Debian packages, each of one component: assent-node (node) and assent (client).
#
#   cmake --preset release && cmake --build --preset release -- assent assent-node
#   cpack --config build/release/CPackConfig.cmake -B build/packages

set(ASSENT_MAINTAINER "Assent maintainers <maintainers@assent.example>" CACHE STRING "Who answers for the packages")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME assent)
set(CPACK_PACKAGE_CONTACT "${ASSENT_MAINTAINER}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_COMPONENTS_ALL node client)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/PackageFiles.cmake)

set(CPACK_DEBIAN_NODE_PACKAGE_NAME assent-node)
set(CPACK_DEBIAN_NODE_PACKAGE_SECTION net)
set(CPACK_DEBIAN_NODE_PACKAGE_DEPENDS "adduser")
set(CPACK_DEBIAN_NODE_PACKAGE_RECOMMENDS "systemd-timesyncd | time-daemon")
set(CPACK_DEBIAN_NODE_PACKAGE_SUGGESTS "assent, prometheus")
set(CPACK_COMPONENT_NODE_DESCRIPTION "one state's node of an Assent ledger
Assent is a ledger that several states keep together and that none of them
can change alone: signed entries, Byzantine fault tolerant ordering, and
proofs that anybody can check.
.
This package has the node and its service, which is not started before it
has been given a founding act and a seed.")
set(deb ${PROJECT_SOURCE_DIR}/deploy/debian)
set(CPACK_DEBIAN_NODE_PACKAGE_CONTROL_EXTRA ${deb}/postinst ${deb}/prerm ${deb}/postrm ${deb}/conffiles)

set(CPACK_DEBIAN_CLIENT_PACKAGE_NAME assent)
set(CPACK_DEBIAN_CLIENT_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_CLIENT_PACKAGE_SUGGESTS "assent-node")
set(CPACK_COMPONENT_CLIENT_DESCRIPTION "command line of the Assent ledger
Assent is a ledger that several states keep together and that none of them
can change alone: signed entries, Byzantine fault tolerant ordering, and
proofs that anybody can check.
.
This package has the command line: keys and the founding act, filing,
reading, receipts and audits. It trusts no node.")

# What every package has under share/doc.
foreach(package node:assent-node client:assent)
  string(REPLACE ":" ";" package ${package})
  list(GET package 0 component)
  list(GET package 1 name)
  install(FILES ${deb}/copyright DESTINATION share/doc/${name} COMPONENT ${component})
  install(FILES ${deb}/changelog DESTINATION share/doc/${name} COMPONENT ${component} RENAME changelog.Debian)
endforeach()

# Where the configuration stands is in the unit, so it is the same for every prefix. One that is there is the operator's.
install(CODE "
  if(NOT EXISTS \"\$ENV{DESTDIR}/etc/assent/node.toml\")
    file(INSTALL \"${PROJECT_SOURCE_DIR}/deploy/node.toml\" DESTINATION /etc/assent)
  endif()" COMPONENT node)
install(FILES
  deploy/node.toml deploy/prometheus/alerts.yml deploy/prometheus/prometheus.yml deploy/prometheus/rules.yml
  deploy/grafana/assent.json
  DESTINATION share/doc/assent-node/examples COMPONENT node)
install(CODE "
  configure_file(\"${PROJECT_SOURCE_DIR}/deploy/systemd/assent-node.service.in\"
    \"${PROJECT_BINARY_DIR}/assent-node.service\" @ONLY)
  file(INSTALL \"${PROJECT_BINARY_DIR}/assent-node.service\"
    DESTINATION \"\${CMAKE_INSTALL_PREFIX}/lib/systemd/system\")" COMPONENT node)

include(CPack)
