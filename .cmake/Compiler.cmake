# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later
# Warnings and sanitizers, carried by one interface target that every target of the project links.
add_library(spicykvm_options INTERFACE)
target_compile_options(
  spicykvm_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor
                             -Wold-style-cast $<$<BOOL:${SPICYKVM_WERROR}>:-Werror>)
target_compile_definitions(spicykvm_options INTERFACE SPICYKVM_VERSION="${PROJECT_VERSION}")

if(SPICYKVM_HARDEN)
  # What distributions build with. Of the lot only the stack protector costs anything in the path of a key: a compare.
  add_compile_options(-fstack-protector-strong -fstack-clash-protection -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64")
    add_compile_options(-fcf-protection)
  endif()
  add_link_options(-Wl,-z,relro,-z,now,-z,noexecstack)
endif()
if(SPICYKVM_SANITIZE)
  # -O1 and line tables alone: the suites run three times faster than without, and reports still name file and line.
  add_compile_options(-fsanitize=${SPICYKVM_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all -O1 -g1)
  add_link_options(-fsanitize=${SPICYKVM_SANITIZE})
  add_compile_definitions(SPICYKVM_SANITIZED)
endif()
if(SPICYKVM_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "SPICYKVM_FUZZ needs clang (libFuzzer); the compiler is ${CMAKE_CXX_COMPILER_ID}")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
