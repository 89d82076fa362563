# What `cmake --install` puts where.
include(CMakePackageConfigHelpers)

install(TARGETS retour-library EXPORT RetourTargets LIBRARY
  COMPONENT runtime NAMELINK_COMPONENT development)
install(TARGETS retour RUNTIME COMPONENT runtime)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/retour ${CMAKE_BINARY_DIR}/include/retour
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development FILES_MATCHING PATTERN "*.h")
install(DIRECTORY ${PROJECT_SOURCE_DIR}/src/report/data/ ${PROJECT_SOURCE_DIR}/src/policy/data/ ${PROJECT_SOURCE_DIR}/src/act/data/
    ${PROJECT_SOURCE_DIR}/docs/schema
  DESTINATION ${CMAKE_INSTALL_DATADIR}/retour COMPONENT runtime)
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/CHANGELOG.md ${PROJECT_SOURCE_DIR}/docs/record.md
    ${PROJECT_SOURCE_DIR}/docs/ledger.md ${PROJECT_SOURCE_DIR}/docs/act.md
  DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT runtime)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs/recipes DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT runtime)

# The prefix may be chosen as late as in `cmake --install --prefix`: the file finds it from where it lies.
file(RELATIVE_PATH pc_to_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(${CMAKE_CURRENT_LIST_DIR}/retour.pc.in ${CMAKE_BINARY_DIR}/retour.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/retour.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/Retour)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/RetourConfig.cmake.in ${CMAKE_BINARY_DIR}/RetourConfig.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/RetourConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/RetourConfig.cmake ${CMAKE_BINARY_DIR}/RetourConfigVersion.cmake
  DESTINATION ${package_dir} COMPONENT development)
install(EXPORT RetourTargets NAMESPACE Retour:: DESTINATION ${package_dir} COMPONENT development)

# The manual pages, where scdoc is at hand.
find_program(SCDOC scdoc)
if(SCDOC)
  foreach(name retour retour-process retour-ledger retour-act retour-lmtp retour-sample)
    set(source ${PROJECT_SOURCE_DIR}/docs/man/${name}.1.scd)
    set(page ${CMAKE_BINARY_DIR}/${name}.1)
    add_custom_command(OUTPUT ${page}
      COMMAND sh -c "'${SCDOC}' <'${source}' >'${page}'"
      DEPENDS ${source} VERBATIM)
    list(APPEND pages ${page})
  endforeach()
  add_custom_target(man ALL DEPENDS ${pages})
  install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT runtime)
endif()
