// Streams, endpoints, and what waits or was refused.
#include <algorithm>
#include <array>

#include "core/report/chart.hpp"
#include "core/report/format.hpp"
#include "core/report/sections.hpp"

namespace gpsync::core::report {

namespace {

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), text) != words.end();
}

// What the relay that serves the page has sampled of its own stream.
std::vector<std::optional<double>> samples_of(const Node& list) {
    std::vector<std::optional<double>> samples;
    for (const Node& item : list.items()) samples.push_back(item.number());
    return samples;
}

void write_samples(Html& html, const Context& context, const Node& list, std::string_view what,
                   double in_seconds) {
    const auto samples = samples_of(list);
    const double most = [&] {
        double top = 0;
        for (const auto& sample : samples) top = std::max(top, sample.value_or(0));
        return top;
    }();
    if (samples.size() < 2) return;
    const double every = context.document["relay"]["samples"]["every_seconds"].number_or(10);
    const std::string span = format_duration(every * static_cast<double>(samples.size() - 1)),
                      top = format_duration(most * in_seconds);
    html.raw("<figure class=\"chart\">");
    write_sparkline(html, samples, std::string(what) + " over the last " + span + ", at most " + top);
    html.raw("<figcaption aria-hidden=\"true\"><span>").text(span).raw(" ago</span><span>at most ").text(top);
    html.raw("</span><span>now</span></figcaption></figure>");
}

Node own_samples(const Context& context, const Node& stream) {
    const Node relay = context.document["relay"];
    return relay["stream"].is_text(stream.text()) ? relay["samples"] : Node();
}

void write_figure(Html& html, Markup term, std::string_view figure) {
    html.raw("<p class=\"figure-line\"><span class=\"big\">")
        .text(figure)
        .raw("</span> ")
        .raw(term)
        .raw("</p>");
}

void write_stream(Html& html, const Context& context, const Node& stream) {
    html.raw("<article class=\"card\"><h3>").name(stream["stream"].text()).raw("</h3><p class=\"pills\">");
    write_pill(html, stream_tone(stream), stream_state(stream));
    if (const auto slot = stream["slot_state"].text(); !is_one_of(slot, {"active", ""}))
        write_pill(html, slot == "inactive" ? Tone::neutral : Tone::bad, "slot " + std::string(slot));
    html.raw("</p>");
    if (const auto lag = stream["lag_seconds"].number())
        write_figure(html, "behind the last commit", format_duration(*lag));
    write_samples(html, context, own_samples(context, stream["stream"])["lag_seconds"], "Lag", 1);
    html.raw("<dl class=\"facts\">");
    auto count = [&](const Markup& term, const char* member, Tone tone) {
        const double number = stream[member].number_or(0);
        write_fact(html, term, format_count(number), number > 0 ? tone : Tone::neutral);
    };
    write_fact(html, "WAL not confirmed", format_bytes(stream["lag_bytes"].number_or(0)));
    write_fact(html, "WAL kept by the slot", format_bytes(stream["retained_bytes"].number_or(0)));
    count("In flight", "in_flight_events", Tone::neutral);
    count("Spooled", "spooled_events", Tone::warn);
    count("Held", "held_events", Tone::warn);
    count("Dead letters", "dead_letters", Tone::warn);
    if (const double spool = stream["spool_bytes"].number_or(0); spool > 0)
        write_fact(html, "Spool on disk", format_bytes(spool));
    write_time_fact(html, context, "Spool limit reached", stream["spool_limit_at"]);
    write_time_fact(html, context, "Relay's last report", stream["reported_at"]);
    html.raw("</dl>");
    write_error(html, context, stream["last_error"], stream["last_error_at"]);
    html.raw("</article>");
}

void write_breaker(Html& html, const Context& context, const Node& endpoint) {
    const std::string_view breaker = endpoint["breaker"].text();
    html.raw("<p class=\"pills\">");
    write_pill(html, breaker_tone(breaker),
               breaker == "missing" ? "server missing" : "breaker " + std::string(breaker));
    if (const auto feed = endpoint["feed"].text(); !feed.empty())
        write_pill(html, feed == "behind" ? Tone::warn : Tone::neutral, feed);
    html.raw("</p>");
    if (!endpoint["breaker_since"].exists() || breaker == "closed") return;
    html.raw("<p class=\"note\">Since ");
    write_time(html, context, endpoint["breaker_since"]);
    if (endpoint["next_probe_at"].exists()) {
        html.raw("; next probe ");
        write_time(html, context, endpoint["next_probe_at"]);
    }
    html.raw("</p>");
}

void write_endpoint(Html& html, const Context& context, const Node& endpoint) {
    html.raw("<article class=\"card\"><h3>").name(endpoint["endpoint"].text()).raw("</h3>");
    html.raw("<p class=\"note\">of stream ").name(endpoint["stream"].text());
    if (const auto origin = endpoint["origin"].text(); !origin.empty())
        html.raw(" · <code>").name(origin).raw("</code>");
    html.raw("</p>");
    write_breaker(html, context, endpoint);
    if (const auto latency = endpoint["latency_ms"].number())
        write_figure(html, "from commit to acknowledgement", format_duration(*latency / 1000));
    else if (const double behind = endpoint["behind_seconds"].number_or(0); behind > 0)
        write_figure(html, "behind", format_duration(behind));
    write_samples(
        html, context,
        own_samples(context, endpoint["stream"])["endpoints"][endpoint["endpoint"].text()]["latency_ms"],
        "Time from commit to acknowledgement", 0.001);
    html.raw("<dl class=\"facts\">");
    auto count = [&](const Markup& term, const char* member, Tone tone) {
        const double number = endpoint[member].number_or(0);
        write_fact(html, term, format_count(number), number > 0 ? tone : Tone::neutral);
    };
    count("Delivered", "delivered", Tone::neutral);
    count("Failed requests and refusals", "errors", Tone::neutral);
    count("Waiting in the spool", "behind_events", Tone::warn);
    count("Dead letters", "dead_letters", Tone::warn);
    if (endpoint["lanes_in_use"].exists()) count("Lanes in use", "lanes_in_use", Tone::neutral);
    html.raw("</dl>");
    write_error(html, context, endpoint["last_error"], endpoint["last_error_at"]);
    html.raw("</article>");
}

}  // namespace

std::string stream_state(const Node& stream) {
    if (stream["paused"].is_true()) return "paused";
    const std::string_view state = stream["relay_state"].text();
    return state == "down" ? "no relay" : std::string(state);
}

Tone stream_tone(const Node& stream) {
    if (!is_one_of(stream["slot_state"].text(), {"active", "inactive", ""})) return Tone::bad;
    if (stream["paused"].is_true()) return Tone::warn;
    const std::string_view state = stream["relay_state"].text();
    if (state == "streaming") return Tone::good;
    return is_one_of(state, {"down", "unknown", "stopped"}) ? Tone::bad : Tone::warn;
}

Tone breaker_tone(std::string_view breaker) {
    if (breaker == "closed") return Tone::good;
    if (breaker == "half-open") return Tone::warn;
    return is_one_of(breaker, {"open", "missing"}) ? Tone::bad : Tone::neutral;
}

void write_streams(Html& html, const Context& context) {
    write_notes(html, context, "streams");
    const auto rows = context.rows("streams");
    if (rows.empty()) return;
    html.raw("<div class=\"cards\">");
    for (const Node& stream : rows) write_stream(html, context, stream);
    html.raw("</div>");
}

void write_endpoints(Html& html, const Context& context) {
    write_notes(html, context, "endpoints");
    const auto rows = context.rows("endpoints");
    if (rows.empty()) return;
    html.raw("<div class=\"cards\">");
    for (const Node& endpoint : rows) write_endpoint(html, context, endpoint);
    html.raw("</div>");
}

void write_dead_letters(Html& html, const Context& context) {
    static const std::array<Column, 7> kColumns{{{"Error", "error"},
                                                 {"HTTP status", "http_status"},
                                                 {"Endpoint", "endpoint"},
                                                 {"Table", "table"},
                                                 {"Letters", "letters", Cell::count},
                                                 {"Being retried", "retrying", Cell::count},
                                                 {"Latest", "last_at", Cell::time}}};
    if (!has_content(context, "dead_letters")) return;
    write_notes(html, context, "dead_letters");
    write_table(html, context, "The latest dead letters, 10,000 at most, by what they have in common",
                context.rows("dead_letters"), kColumns);
}

void write_held(Html& html, const Context& context) {
    static const std::array<Column, 6> kColumns{{{"Table", "table"},
                                                 {"Endpoint", "endpoint"},
                                                 {"Keys", "keys", Cell::count},
                                                 {"Events", "events", Cell::count},
                                                 {"Oldest", "oldest", Cell::time},
                                                 {"Next attempt", "next_attempt", Cell::time}}};
    if (!has_content(context, "held")) return;
    write_notes(html, context, "held");
    write_table(html, context, "Keys whose events an endpoint rejects for now", context.rows("held"),
                kColumns);
}

}  // namespace gpsync::core::report
