// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Runs a fuzz target over every file of a corpus, whole and cut after each of its first bytes.
#include "fuzz/target.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

namespace spicykvm::fuzz {

namespace {

/// Cuts beyond this are left to libFuzzer: a long file would make the replay quadratic.
constexpr std::size_t kMaxCut = 512;

std::vector<std::uint8_t> read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Copies to the heap, so that AddressSanitizer sees a read beyond the cut.
void run_copy(std::span<const std::uint8_t> input) {
    const std::vector<std::uint8_t> exact(input.begin(), input.end());
    run(exact);
}

void replay(const std::filesystem::path& path) {
    // Said before it runs: after a crash the last line names the file.
    std::printf("%s\n", path.c_str());
    std::fflush(stdout);
    const auto bytes = read_file(path);
    const std::span<const std::uint8_t> all(bytes);
    run_copy(all);
    for (std::size_t cut = 0; cut < std::min(all.size(), kMaxCut); ++cut) {
        run_copy(all.first(cut));
    }
}

int replay_corpus(const char* folder) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        files.push_back(entry.path());
    }
    if (files.empty()) {
        std::fprintf(stderr, "%s: no file to replay\n", folder);
        return EXIT_FAILURE;
    }
    std::sort(files.begin(), files.end());
    std::for_each(files.begin(), files.end(), replay);
    return EXIT_SUCCESS;
}

} // namespace

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

} // namespace spicykvm::fuzz

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: %s CORPUS-FOLDER\n", argv[0]);
        return EXIT_FAILURE;
    }
    try {
        return spicykvm::fuzz::replay_corpus(argv[1]);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s: %s\n", argv[1], error.what());
        return EXIT_FAILURE;
    }
}
