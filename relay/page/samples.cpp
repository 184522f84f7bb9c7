#include "relay/page/samples.hpp"

namespace gpsync::relay {

namespace {

void write_series(JsonWriter& writer, const std::deque<std::optional<double>>& series) {
    writer.StartArray();
    for (const auto& sample : series)
        if (sample)
            writer.Double(*sample);
        else
            writer.Null();
    writer.EndArray();
}

std::string endpoint_of(const prometheus::ClientMetric& metric) {
    for (const auto& label : metric.label)
        if (label.name == "endpoint") return label.value;
    return {};
}

}  // namespace

void Samples::add(Series& series, std::optional<double> sample) {
    series.push_back(sample);
    if (series.size() > kMost) series.pop_front();
}

void Samples::take(const Metrics& metrics) {
    const bool streams = metrics.streaming.Value() > 0;
    add(lag_seconds_, streams ? std::optional(metrics.oldest_unsettled_seconds.Value()) : std::nullopt);
    for (const auto& family : metrics.collect()) {
        if (family.name != "sync_latency_ms") continue;
        for (const auto& metric : family.metric) {
            OfEndpoint& endpoint = endpoints_[endpoint_of(metric)];
            const auto& now = metric.histogram;
            const uint64_t count = now.sample_count - endpoint.count;
            add(endpoint.latency_ms,
                count > 0 ? std::optional((now.sample_sum - endpoint.sum) / static_cast<double>(count))
                          : std::nullopt);
            endpoint.sum = now.sample_sum;
            endpoint.count = now.sample_count;
        }
    }
}

void Samples::write(JsonWriter& writer) const {
    writer.SetMaxDecimalPlaces(3);
    writer.StartObject();
    put(writer, "every_seconds", kEvery.count());
    writer.Key("lag_seconds");
    write_series(writer, lag_seconds_);
    writer.Key("endpoints");
    writer.StartObject();
    for (const auto& [name, endpoint] : endpoints_) {
        writer.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
        writer.StartObject();
        writer.Key("latency_ms");
        write_series(writer, endpoint.latency_ms);
        writer.EndObject();
    }
    writer.EndObject();
    writer.EndObject();
}

}  // namespace gpsync::relay
