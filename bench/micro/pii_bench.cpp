// What the PII engine costs by itself: documents are cut into tokens beforehand, as JSONB has them.
//   build/cmake/pii_bench            (cmake -DGPSYNC_MICRO_BENCH=ON)
// Arguments of the server's functions come on top: see bench/ for those ratios.
#include <benchmark/benchmark.h>

#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "core/pii/document/scrubber.hpp"
#include "core/pii/json_reader.hpp"
#include "core/pii/text.hpp"

namespace {

using namespace gpsync::core::pii;
using Token = JsonReader::Token;

struct Event {
    Token token;
    std::string text;
};
using Document = std::vector<Event>;

Document cut(const std::string& json) {
    Document document;
    JsonReader reader(json);
    for (Token token = reader.next(); token != Token::kEnd && token != Token::kError; token = reader.next())
        document.push_back({token, std::string(reader.value())});
    return document;
}

constexpr const char* kDecision =
    R"({"ruleId":"R-120","outcome":"APPROVED","score":0.8731,"weight":17,"reason":"device known since registration",)"
    R"("evaluatedAt":1764000123456,"cached":false,"source":"issuer","traceRef":"9f86d081884c7d65"})";

// A partner's provisioning document of about `size` bytes, with or without five personal values.
std::string partner_document(size_t size, bool personal) {
    std::string json =
        R"({"requestId":"123e4567-e89b-12d3-a456-426614174000","requestorId":"WALLET_3","schemaVersion":"2.3",)"
        R"("createdAt":"2026-11-22T06:11:37.917466Z","deviceInfo":{"deviceType":"MOBILE_PHONE","osName":"ANDROID",)"
        R"("osVersion":"17.4.1","model":"Pixel 8","locale":"en_GB","rooted":false},)"
        R"("tokenInfo":{"tokenUniqueReference":)"
        R"("DWSPMC000000000132d72d4fcb2f4136a0532d3093ff1a45","tokenStatus":"ACTIVE",)"
        R"("tokenRequestorId":"40010030273"})";
    if (personal)
        json += R"(,"cardholder":{"firstName":"Jane","lastName":"Doe","email":"jane@example.com"},)"
                R"("fundingAccount":{"pan":"4111111111111111"},"clientIp":"203.0.113.7")";
    json += R"(,"decisions":[)";
    while (json.size() < size) json += std::string(kDecision) + ',';
    json += std::string(kDecision) + "]}";
    return json;
}

Verdict visit(Scrubber& scrubber, const Event& event) {
    switch (event.token) {
        case Token::kBeginObject:
            return scrubber.begin_object();
        case Token::kBeginArray:
            return scrubber.begin_array();
        case Token::kEndObject:
            scrubber.end_object();
            return Verdict::kKeep;
        case Token::kEndArray:
            scrubber.end_array();
            return Verdict::kKeep;
        case Token::kName:
            return scrubber.name(event.text);
        case Token::kString:
            return scrubber.string(event.text);
        case Token::kNumber: {
            const size_t point = event.text.find('.');
            const bool fraction = point != std::string::npos;
            if (!scrubber.wants_number(static_cast<unsigned>(fraction ? point : event.text.size()), fraction))
                return scrubber.skipped_number();
            return scrubber.number(event.text);
        }
        case Token::kTrue:
        case Token::kFalse:
            return scrubber.boolean(event.token == Token::kTrue);
        default:
            return scrubber.null();
    }
}

void run(benchmark::State& state, Mode mode, bool personal) {
    const Document document = cut(partner_document(static_cast<size_t>(state.range(0)), personal));
    Scrubber scrubber(Policy::payments(), nullptr, mode);
    for (auto _ : state) {
        scrubber.begin_document();
        for (const Event& event : document) benchmark::DoNotOptimize(visit(scrubber, event));
    }
    state.counters["ns/event"] = benchmark::Counter(
        static_cast<double>(state.iterations()) * static_cast<double>(document.size()) / 1e9,
        benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void scrub_clean(benchmark::State& state) {
    run(state, Mode::kScrub, false);
}
void scrub_personal(benchmark::State& state) {
    run(state, Mode::kScrub, true);
}
void test_clean(benchmark::State& state) {
    run(state, Mode::kTest, false);
}
BENCHMARK(scrub_clean)->Arg(500)->Arg(2000)->Arg(4000);
BENCHMARK(scrub_personal)->Arg(500)->Arg(2000)->Arg(4000);
BENCHMARK(test_clean)->Arg(2000);

void prefilter(benchmark::State& state, const char* text) {
    const std::string_view view = text;
    for (auto _ : state) {
        std::string_view copy = view;
        benchmark::DoNotOptimize(copy);
        benchmark::DoNotOptimize(may_hold_pii(copy));
    }
}
BENCHMARK_CAPTURE(prefilter, word, "APPROVED");
BENCHMARK_CAPTURE(prefilter, phrase, "device known since registration");
BENCHMARK_CAPTURE(prefilter, id, "prov_12345");

void one_string(benchmark::State& state, const char* text) {
    Scrubber scrubber(Policy::payments(), nullptr, Mode::kScrub);
    scrubber.begin_document();
    (void)scrubber.begin_object();
    (void)scrubber.name("x");
    const std::string_view view = text;
    for (auto _ : state) benchmark::DoNotOptimize(scrubber.string(view));
}
BENCHMARK_CAPTURE(one_string, uuid, "123e4567-e89b-12d3-a456-426614174000");
BENCHMARK_CAPTURE(one_string, timestamp, "2026-11-22T06:11:37.917466Z");
BENCHMARK_CAPTURE(one_string, hash, "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
BENCHMARK_CAPTURE(one_string, short_hash, "9f86d081884c7d65");
BENCHMARK_CAPTURE(one_string, reference, "DWSPMC000000000132d72d4fcb2f4136a0532d3093ff1a45");
BENCHMARK_CAPTURE(one_string, card, "4111111111111111");
BENCHMARK_CAPTURE(one_string, email, "jane.doe@example.com");
BENCHMARK_CAPTURE(one_string, requestor, "40010030273");
BENCHMARK_CAPTURE(one_string, id, "tok_123456");
BENCHMARK_CAPTURE(one_string, shop, "Shop number 1234");
BENCHMARK_CAPTURE(one_string, device, "device \"123456\"");
BENCHMARK_CAPTURE(one_string, note,
                  "Customer called about order 9123 on Monday, wants a call back at +44 20 7946 0958 please");

}  // namespace

BENCHMARK_MAIN();
