// The visitor of documents with each of its sources and sinks, and the two ways to take PII out of JSON text
// against each other.
#include "core/pii/document/visitor.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "core/json_writer.hpp"
#include "core/pii/document/json_text_scrub.hpp"
#include "core/pii/document/json_text_source.hpp"
#include "core/pii/document/text_sink.hpp"
#include "core/pii/policy/policy.hpp"

namespace gpsync::core::pii {
namespace {

std::string without_blanks(std::string_view json) {
    HeapBuffer out;
    append_json_compacted(out, json);
    return std::string(out.view());
}

Policy policy_of(std::string_view rules) {
    Policy policy;
    const Status status = parse_policy("test@1", rules, nullptr, policy);
    EXPECT_TRUE(status.ok()) << status.message;
    return policy;
}

// What JsonTextScrub makes of a document: its text, "removed" or "error".
std::string as_text(const Policy& policy, std::string_view json) {
    Scrubber scrubber(policy, nullptr, Mode::kScrub);
    JsonTextScrub scrub;
    scrubber.begin_document();
    switch (scrub.scrub(json, scrubber)) {
        case Verdict::kKeep:
            return without_blanks(json);
        case Verdict::kReplace:
            return std::string(scrub.text());
        case Verdict::kRemove:
            return "removed";
        case Verdict::kError:
            break;
    }
    return "error";
}

// The same by edits of the text.
std::string by_edits(const Policy& policy, std::string_view json) {
    Scrubber scrubber(policy, nullptr, Mode::kScrub);
    switch (scrubber.json_text(json)) {
        case Verdict::kKeep:
            return without_blanks(json);
        case Verdict::kReplace:
            return without_blanks(scrubber.replacement());
        default:
            return "error";
    }
}

std::vector<std::string> documents() {
    std::vector<std::string> all = {
        R"({})",
        R"([])",
        R"({"a": {}, "b": []})",
        R"([ [ ], { } , [ [ 1 ] ] ])",
        R"({"pan": "4111111111111111", "a": 1})",
        R"({"a": 1, "pan": "4111111111111111"})",
        R"({"pin": "1234"})",
        R"({"pin": "1234", "cvv": "123", "ok": 1, "birthDate": "1980-01-02", "z": [1, "joe@x.io", null]})",
        R"({"a": {"pin": "1234"}, "b": {"pin": "1234", "c": "x"}})",
        R"([4111111111111111, "4111111111111111", {"firstName": "Joe"}, true, null])",
        R"({"joe@x.io": 1, "jane@x.io": {"lastName": "Doe", "x": "\u0041\n"}})",
        R"({"text": "{\"pan\":\"4111111111111111\",\"n\":[1,{\"pin\":\"1234\"}]}"})",
        R"({"secret": {"deep": [1, {"x": 2}]}, "keep": 1})",
        R"({"keep": 1, "secret": [1, [2], {}]})",
        R"({"secret": 1})",
        R"([{"secret": {"x": [ ]}}, {"secret": "y", "z": 1}])"};
    for (const char* name : {"generated.jsonl", "handwritten.jsonl"}) {
        std::ifstream file(std::string(PII_LABELLED_DIR) + "/" + name);
        for (std::string line; std::getline(file, line);) all.push_back(line);
    }
    return all;
}

TEST(PiiVisitor, TextAndEditsAreTheSame) {
    const Policy removes =
        policy_of(R"({"extends":"payments@1","rules":[{"key":"secret","action":"remove"}]})");
    size_t changed = 0;
    for (const std::string& json : documents()) {
        for (const Policy* policy : {&Policy::payments(), &removes}) {
            const std::string text = as_text(*policy, json);
            EXPECT_EQ(text, by_edits(*policy, json)) << json;
            changed += text != without_blanks(json);
        }
    }
    EXPECT_GT(changed, 100u);
}

TEST(PiiVisitor, MembersGoWithTheirCommas) {
    const Policy policy = policy_of(R"({"extends":null,"rules":[{"key":"secret","action":"remove"}]})");
    EXPECT_EQ(as_text(policy, R"({"secret": 1})"), "{}");
    EXPECT_EQ(as_text(policy, R"({"secret": 1, "a": 2})"), R"({"a":2})");
    EXPECT_EQ(as_text(policy, R"({"a": 2, "secret": {"b": [1]}})"), R"({"a":2})");
    EXPECT_EQ(as_text(policy, R"({"a": 2, "secret": [ ], "b": 3})"), R"({"a":2,"b":3})");
    EXPECT_EQ(as_text(policy, R"([{"secret": 1, "secret": 2}, 3])"), "[{},3]");
}

TEST(PiiVisitor, WhatCannotBeReadIsRemoved) {
    for (const char* json : {"", "{", R"({"a" 1})", R"({"a":1} x)", "[1,]", R"(["joe@x.io")"})
        EXPECT_EQ(as_text(Policy::payments(), json), "removed") << json;
    // Also in what is passed over.
    const Policy policy = policy_of(R"({"extends":null,"rules":[{"key":"secret","action":"remove"}]})");
    EXPECT_EQ(as_text(policy, R"({"secret": {"b": [1}})"), "removed");
    EXPECT_EQ(as_text(Policy::payments(), R"("4111111111111111 and joe@x.io")").find("joe"),
              std::string::npos);
}

TEST(PiiVisitor, DepthIsNoMatter) {
    constexpr size_t kLevels = 20'000;
    const std::string json = std::string(kLevels, '[') + "\"joe@x.io\"" + std::string(kLevels, ']');
    EXPECT_EQ(as_text(Policy::payments(), json), by_edits(Policy::payments(), json));
}

// A source whose names are those of a shape and whose values need not be visited.
struct KnownTokens {
    std::vector<Event> events;
    size_t at = 0;
    bool entered = false;

    Event next() { return at < events.size() ? events[at++] : Event::kEnd; }
    static std::string_view text() { return "joe@x.io"; }
    static Verdict number(Scrubber& scrubber) { return scrubber.number("4111111111111111"); }
    void enter() { entered = true; }
    static bool skip() { return true; }
    static void show_siblings(Scrubber&) {}
    static void show_elements(Scrubber&) {}
    static bool preview(ArrayPreview&) { return false; }
    static void show_headers(Scrubber&) {}
    Within within() const { return entered ? Within::kObject : Within::kNothing; }
    static void append_name(ByteBuffer& out) { out.append("\"n\""); }
    static void append_value(ByteBuffer& out) { out.append("7"); }
};

TEST(PiiVisitor, KnownNamesAndNeutralValuesGetNoVerdict) {
    KnownTokens source{{Event::kBeginObject, Event::kKnownName, Event::kNeutral, Event::kKnownName,
                        Event::kNeutral, Event::kEndObject}};
    Scrubber scrubber(Policy::payments(), nullptr, Mode::kScrub);
    scrubber.begin_document();
    HeapBuffer out;
    TextSink sink(out, scrubber, [](std::string_view text) { return text; });
    EXPECT_EQ(visit(source, scrubber, sink), Visited::kAll);
    EXPECT_EQ(out.view(), R"({"n":7,"n":7})");
    EXPECT_FALSE(sink.changed());
}

// Counts what it is given, and has enough after so many values.
struct Counter {
    size_t most;
    size_t names = 0, begun = 0, ended = 0, values = 0;

    template <class Source>
    void name(Verdict, Source&) {
        ++names;
    }
    template <class Source>
    void begin(bool, Source&) {
        ++begun;
    }
    template <class Source>
    void end(bool, Source&) {
        ++ended;
    }
    template <class Source>
    void value(Event, Verdict, Source&) {
        ++values;
    }
    bool enough() const { return values == most; }
};

TEST(PiiVisitor, EndsWhenTheSinkHasEnough) {
    Scrubber scrubber(Policy::payments(), nullptr, Mode::kTest);
    for (const size_t most : {1u, 2u, 9u}) {
        scrubber.begin_document();
        JsonTextSource source(R"({"a":[1,2],"b":{"c":"x"}})");
        Counter counter{most};
        EXPECT_EQ(visit(source, scrubber, counter), Visited::kAll);
        EXPECT_EQ(counter.values, std::min<size_t>(most, 3));
    }
}

TEST(PiiVisitor, AnEmbeddedDocumentGetsNoVerdictOfItsOwn) {
    const Policy policy = policy_of(R"({"extends":null,"rules":[{"path":"$.*","action":"remove"}]})");
    Scrubber scrubber(policy, nullptr, Mode::kScrub);
    scrubber.begin_document();
    JsonTextSource source(R"([1,[2]])");
    Counter counter{99};
    EXPECT_EQ(visit(source, scrubber, counter, true), Visited::kAll);
    EXPECT_EQ(counter.ended, counter.begun);
    EXPECT_GE(counter.begun, 1u);
}

}  // namespace
}  // namespace gpsync::core::pii
