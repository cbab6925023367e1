// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Writes what is documented from the programs' own tables. Usage: generate-docs SOURCES FOLDER
// SOURCES: docs/man. FOLDER gets man/ with the manual pages, a folder for each shell, and
// config-full.toml.
#include "generate/completion.h"
#include "generate/full_config.h"
#include "generate/page.h"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

namespace spicykvm::docs {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    if (!file) {
        throw std::runtime_error(path.string() + ": can't be read");
    }
    return text.str();
}

void write(const fs::path& path, const std::string& text) {
    fs::create_directories(path.parent_path());
    std::ofstream file(path, std::ios::binary);
    file << text;
    file.close();
    if (!file) {
        throw std::runtime_error(path.string() + ": can't be written");
    }
}

void write_pages(const fs::path& sources, const fs::path& folder) {
    for (const auto& entry : fs::directory_iterator(sources)) {
        const auto page = fill_page(read(entry.path()));
        if (!page) {
            throw std::runtime_error(entry.path().string() + ":" + page.error().message);
        }
        // spicykvmd.8.in -> spicykvmd.8
        write(folder / entry.path().stem(), *page);
    }
}

/// Each under the name by which its shell looks for it.
void write_completions(const fs::path& folder) {
    for (const Program& program : programs()) {
        const std::string name(program.name);
        write(folder / "bash" / name, bash_completion(program));
        write(folder / "zsh" / ("_" + name), zsh_completion(program));
        write(folder / "fish" / (name + ".fish"), fish_completion(program));
    }
}

} // namespace
} // namespace spicykvm::docs

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: generate-docs SOURCES FOLDER\n";
        return 2;
    }
    try {
        const std::filesystem::path folder(argv[2]);
        spicykvm::docs::write_pages(argv[1], folder / "man");
        spicykvm::docs::write_completions(folder);
        spicykvm::docs::write(folder / "config-full.toml", spicykvm::docs::full_config());
    } catch (const std::exception& error) {
        std::cerr << "generate-docs: " << error.what() << '\n';
        return 1;
    }
    return 0;
}
