// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The XML files are the document of the API: what is on the bus has to be what is in them.
#include "fixture.h"
#include "service/display_map.h"

#include <fstream>
#include <gmock/gmock.h>
#include <regex>
#include <set>
#include <sstream>

namespace spicykvm::test {
namespace {

std::string read_file(const std::string& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

std::string xml_file(const char* interface) {
    return read_file(std::string(SPICYKVM_DBUS_DIR) + "/" + interface + ".xml");
}

std::string attribute(const std::string& tag, const std::string& name) {
    std::smatch match;
    return std::regex_search(tag, match, std::regex(name + "=\"([^\"]*)\"")) ? match[1].str() : "";
}

/// One line for each thing that is in `interface`: "method Activate", "method Status arg status
/// a{sv} out" and so on; without annotations for the code generator, which are not on the bus.
std::set<std::string> members(std::string xml, const std::string& interface) {
    xml = std::regex_replace(xml, std::regex("<!--[^]*?-->"), "");
    std::set<std::string> lines;
    std::string outer;
    bool inside = false;
    const std::regex tag_pattern("<[^>]*>");
    for (std::sregex_iterator tag(xml.begin(), xml.end(), tag_pattern), end; tag != end; ++tag) {
        const std::string text = tag->str();
        const std::string kind = text.substr(1, text.find_first_of(" />") - 1);
        const std::string name = attribute(text, "name");
        if (kind == "interface") {
            inside = name == interface;
        } else if (!inside || text[1] == '/') {
            inside = inside && text != "</interface>";
        } else if (kind == "method" || kind == "signal" || kind == "property") {
            outer = kind + " " + name;
            lines.insert(outer + " " + attribute(text, "type") + attribute(text, "access"));
        } else if (kind == "arg") {
            lines.insert(outer + " " + name + " " + attribute(text, "type") + " " +
                         attribute(text, "direction"));
        } else if (name.find("org.freedesktop.DBus.Method.") == std::string::npos) {
            lines.insert(outer + " " + name + " " + attribute(text, "value"));
        }
    }
    return lines;
}

class Introspection : public BusTest {
  protected:
    void expect_documented(const char* path, const char* interface) {
        const auto reply = client->ask({path, "org.freedesktop.DBus.Introspectable", "Introspect"});
        const char* xml = nullptr;
        ASSERT_GT(sd_bus_message_read(reply.get(), "s", &xml), 0);
        const auto documented = members(xml_file(interface), interface);
        EXPECT_FALSE(documented.empty());
        EXPECT_EQ(members(xml, interface), documented);
    }

    void SetUp() override {
        BusTest::SetUp();
        if (!IsSkipped()) {
            host.emplace();
            client.emplace();
        }
    }

    std::optional<ServiceHost> host;
    std::optional<BusClient> client;
};

TEST_F(Introspection, EqualsTheXml) {
    expect_documented(dbus::kManagerPath, "org.spicykvm.Manager");
    expect_documented(dbus::kManagerPath, kDisplaysInterface);
    expect_documented(dbus::kMetricsPath, "org.spicykvm.Metrics");
    expect_documented("/org/spicykvm/target/win11", "org.spicykvm.Target");
}

TEST(InterfaceXml, DocumentsEveryKeyAndError) {
    const std::string manager_xml = xml_file("org.spicykvm.Manager");
    const std::string metrics_xml = xml_file("org.spicykvm.Metrics");
    const auto in_quotes = [](const std::string& word) { return "\"" + word + "\""; };
    core::StatusSnapshot status;
    status.activator = 0;
    for (const auto& entry : service::describe(status, core::Metrics{})) {
        EXPECT_THAT(manager_xml, testing::HasSubstr(in_quotes(entry.first)));
    }
    for (const auto& entry : service::describe(core::TargetStatus{})) {
        EXPECT_THAT(manager_xml, testing::HasSubstr(in_quotes(entry.first)));
    }
    for (const auto& entry : service::describe(core::DeviceStatus{})) {
        EXPECT_THAT(manager_xml, testing::HasSubstr(in_quotes(entry.first)));
    }
    for (const auto& entry : service::describe(core::Metrics{})) {
        EXPECT_THAT(metrics_xml, testing::HasSubstr(in_quotes(entry.first)));
    }
    const std::string displays_xml = xml_file(kDisplaysInterface);
    core::DisplayStatus display;
    display.bus = 0;
    display.input = 0;
    for (const auto& entry : service::describe(display)) {
        EXPECT_THAT(displays_xml, testing::HasSubstr(in_quotes(entry.first)));
    }
    for (const auto& entry : service::describe(core::DisplayFeature{})) {
        EXPECT_THAT(displays_xml, testing::HasSubstr(in_quotes(entry.first)));
    }
    for (const auto& entry : service::describe(core::DisplayCapabilities{})) {
        EXPECT_THAT(displays_xml, testing::HasSubstr(in_quotes(entry.first)));
    }
}

} // namespace
} // namespace spicykvm::test
