# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later
# What belongs to no single target; each program installs itself in its own folder.
install(FILES docs/configuration.md docs/installation.md docs/spicykvmctl.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES docs/config.toml docs/examples/50-spicykvm.rules docs/examples/remote-host.conf
        DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
install(FILES systemd/spicykvm.sysusers DESTINATION lib/sysusers.d RENAME spicykvm.conf)
install(FILES systemd/spicykvm.modules-load DESTINATION lib/modules-load.d RENAME spicykvm.conf)
install(FILES udev/60-spicykvm.rules DESTINATION lib/udev/rules.d)
install(FILES polkit/org.spicykvm.Manager.policy DESTINATION ${CMAKE_INSTALL_DATADIR}/polkit-1/actions)
install(FILES dbus/org.spicykvm.Manager.conf DESTINATION ${CMAKE_INSTALL_DATADIR}/dbus-1/system.d)
install(FILES dbus/org.spicykvm.Manager.service DESTINATION ${CMAKE_INSTALL_DATADIR}/dbus-1/system-services)
install(FILES dbus/org.spicykvm.Audio.xml dbus/org.spicykvm.Displays.xml dbus/org.spicykvm.Manager.xml dbus/org.spicykvm.Metrics.xml
              dbus/org.spicykvm.Target.xml
        DESTINATION ${CMAKE_INSTALL_DATADIR}/dbus-1/interfaces)

# A unit names its program, whose place is known only now: `cmake --install --prefix` may change it.
function(spicykvm_install_unit name folder component)
  install(
    CODE "
    set(BINDIR \${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR})
    configure_file(${PROJECT_SOURCE_DIR}/systemd/${name}.in ${PROJECT_BINARY_DIR}/systemd/${name} @ONLY)
    file(INSTALL ${PROJECT_BINARY_DIR}/systemd/${name}
         DESTINATION \${CMAKE_INSTALL_PREFIX}/lib/systemd/${folder})
    "
    COMPONENT ${component})
endfunction()
spicykvm_install_unit(spicykvmd.service system daemon)
spicykvm_install_unit(spicykvm-session.service user session)

# The bus and polkit read below /usr alone; what is elsewhere looks installed and does not work. Passwords are root's alone.
install(
  CODE [[
  if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
    file(MAKE_DIRECTORY $ENV{DESTDIR}/etc/spicykvm/conf.d $ENV{DESTDIR}/etc/spicykvm/credentials)
    file(CHMOD $ENV{DESTDIR}/etc/spicykvm/credentials PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
  else()
    message(WARNING "The message bus and polkit look for their files below /usr only, not below "
                    "${CMAKE_INSTALL_PREFIX}: install with --prefix /usr.")
  endif()
  ]])
