# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later
# Debian packages: cmake --build build/release --target package. One for each component of the installation; other
# distributions' recipes, which call cmake --install, are beside debian/ in .packaging.
set(packaging ${PROJECT_SOURCE_DIR}/.packaging/debian)
set(release 1)
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_VENDOR "The spicykvm authors")
set(CPACK_PACKAGE_CONTACT "The spicykvm authors <authors@spicykvm.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "") # each package has its own
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_STRIP_FILES ON)
set(CPACK_SET_DESTDIR ON) # the units name their programs, so the prefix must be the real one
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
                                                WORLD_EXECUTE)
set(CPACK_PRE_BUILD_SCRIPTS ${packaging}/finish.cmake)
set(CPACK_PACKAGING_FILES ${packaging}) # for finish.cmake

set(CPACK_COMPONENTS_ALL daemon session)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE ${release})
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_DAEMON_PACKAGE_NAME spicykvm)
set(CPACK_DEBIAN_DAEMON_PACKAGE_DEPENDS "default-dbus-system-bus | dbus-system-bus, systemd (>= 251), udev")
set(CPACK_DEBIAN_DAEMON_PACKAGE_RECOMMENDS "polkitd, spicykvm-session")
set(CPACK_DEBIAN_DAEMON_PACKAGE_SUGGESTS ddcutil)
set(CPACK_DEBIAN_DAEMON_PACKAGE_CONTROL_EXTRA ${packaging}/spicykvm/postinst ${packaging}/spicykvm/prerm
                                              ${packaging}/spicykvm/postrm)
set(CPACK_COMPONENT_DAEMON_DESCRIPTION
    "KVM switch for virtual machines, over SPICE
One hotkey, one D-Bus call or one command hands keyboard, mouse and the inputs
of the monitors to a virtual machine that has a graphics card of its own, and
back. Keys and motions travel over SPICE, so nothing is installed in the
virtual machine; the picture never does.
.
This package has the daemon, the program that talks to the monitors over
DDC/CI, and the command line tool.")

# The two talk to each other over an interface that is theirs alone: one version.
set(CPACK_DEBIAN_SESSION_PACKAGE_NAME spicykvm-session)
set(CPACK_DEBIAN_SESSION_PACKAGE_SECTION sound)
set(CPACK_DEBIAN_SESSION_PACKAGE_DEPENDS "spicykvm (= ${PROJECT_VERSION}-${release})")
set(CPACK_DEBIAN_SESSION_PACKAGE_RECOMMENDS "pipewire, wireplumber | pipewire-session-manager")
set(CPACK_DEBIAN_SESSION_PACKAGE_CONTROL_EXTRA
    ${packaging}/spicykvm-session/postinst ${packaging}/spicykvm-session/prerm ${packaging}/spicykvm-session/postrm)
set(CPACK_COMPONENT_SESSION_DESCRIPTION
    "sound of the virtual machines of spicykvm
Plays the sound of the virtual machines of the KVM switch spicykvm by the
user's PipeWire, beside the sound of the host, and lends them the microphone if
the configuration says so. It runs in each user's session.")

include(CPack)
