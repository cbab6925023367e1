// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Part of every integration test: what ThreadSanitizer takes for a race and is none.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)

extern "C" const char* __tsan_default_suppressions();  // NOLINT: the sanitizer looks for this name
extern "C" const char* __tsan_default_suppressions() { // NOLINT
    // glibc guards its time zone by a lock that the sanitizer doesn't see: GLib logs in the thread
    // of the SPICE server, and spdlog in the other one. libsystemd fills the one seed of its hash
    // tables in whichever thread has the first message; here there are two with connections.
    return "race:tzset_internal\n"
           "race:^getrandom$\n";
}

#endif
#endif
