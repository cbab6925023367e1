# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later
# What belongs to no single target; each program installs itself in its own folder.
install(FILES ${PROJECT_SOURCE_DIR}/docs/config.toml DESTINATION ${CMAKE_INSTALL_DOCDIR})
