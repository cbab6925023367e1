# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later
# What Debian wants in a package and cmake --install does not put there. cpack runs this when the files are in place.
foreach(component IN LISTS CPACK_COMPONENTS_ALL)
  string(TOUPPER ${component} name)
  set(package ${CPACK_DEBIAN_${name}_PACKAGE_NAME})
  set(root ${CPACK_TEMPORARY_DIRECTORY}/${component})
  set(doc ${root}/usr/share/doc/${package})
  configure_file(${CPACK_PACKAGING_FILES}/copyright ${doc}/copyright COPYONLY)
  configure_file(${CPACK_PACKAGING_FILES}/changelog.in ${doc}/changelog.Debian @ONLY)
  configure_file(${CPACK_PACKAGING_FILES}/${package}/lintian-overrides ${root}/usr/share/lintian/overrides/${package} COPYONLY)
  file(GLOB_RECURSE manuals ${root}/usr/share/man/*)
  execute_process(COMMAND gzip -9nf ${manuals} ${doc}/changelog.Debian COMMAND_ERROR_IS_FATAL ANY)
endforeach()
