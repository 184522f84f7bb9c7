// The samples that the status page draws.
#include "relay/page/samples.hpp"

#include <gtest/gtest.h>

#include <array>

namespace gpsync::relay {
namespace {

std::string json(const Samples& samples) {
    return json_text([&](JsonWriter& writer) { samples.write(writer); });
}

TEST(PageSamples, LagAndLatency) {
    Metrics metrics("legacy");
    EndpointMetrics& nws = metrics.endpoint("nws");
    Samples samples;
    samples.take(metrics);
    metrics.streaming.Set(1);
    metrics.oldest_unsettled_seconds.Set(1.5);
    nws.observe_latencies(std::array<double, 2>{10, 30});
    samples.take(metrics);
    metrics.oldest_unsettled_seconds.Set(0);
    samples.take(metrics);
    nws.observe_latencies(std::array<double, 1>{50});
    samples.take(metrics);
    EXPECT_EQ(json(samples), R"({"every_seconds":10,"lag_seconds":[null,1.5,0.0,0.0],)"
                             R"("endpoints":{"nws":{"latency_ms":[null,20.0,null,50.0]}}})");
}

TEST(PageSamples, AreBounded) {
    Metrics metrics("legacy");
    metrics.endpoint("nws");
    Samples samples;
    for (size_t i = 0; i < 3 * Samples::kMost; ++i) samples.take(metrics);
    size_t nulls = 0;
    const std::string text = json(samples);
    for (size_t at = 0; (at = text.find("null", at)) != std::string::npos; ++at) ++nulls;
    EXPECT_EQ(nulls, 2 * Samples::kMost);
}

}  // namespace
}  // namespace gpsync::relay
