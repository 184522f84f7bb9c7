// The figures at the top, and the verdict over all.
#include <algorithm>

#include "core/report/format.hpp"
#include "core/report/sections.hpp"

namespace gpsync::core::report {

namespace {

struct Tile {
    Markup title, target;
    Tone tone;
    std::string value, detail;
};

double sum(const std::vector<Node>& rows, const char* member) {
    double total = 0;
    for (const Node& row : rows) total += row[member].number_or(0);
    return total;
}

size_t count_findings(const Context& context, std::string_view severity) {
    const auto findings = context.document["doctor"]["findings"].items();
    return static_cast<size_t>(std::count_if(findings.begin(), findings.end(), [&](const Node& finding) {
        return finding["severity"].is_text(severity);
    }));
}

std::string plural(size_t count, const std::string& noun) {
    return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

// The worst of some rows, by tones.
template <typename ToneOf>
Tone worst(const std::vector<Node>& rows, ToneOf&& tone_of) {
    Tone tone = rows.empty() ? Tone::neutral : Tone::good;
    for (const Node& row : rows) tone = std::max(tone, tone_of(row));
    return tone;
}

Tone endpoint_tone(const Node& endpoint) {
    const Tone tone = breaker_tone(endpoint["breaker"].text());
    return tone == Tone::good && endpoint["feed"].is_text("behind") ? Tone::warn : tone;
}

Tile streams_tile(const Context& context) {
    const auto rows = context.rows("streams");
    const auto streaming = std::count_if(rows.begin(), rows.end(),
                                         [](const Node& row) { return stream_tone(row) == Tone::good; });
    double lag = 0;
    for (const Node& row : rows) lag = std::max(lag, row["lag_seconds"].number_or(0));
    return {"Streams", "streams", worst(rows, stream_tone),
            std::to_string(streaming) + " of " + std::to_string(rows.size()),
            rows.empty() ? "none is created" : "streaming, at most " + format_duration(lag) + " behind"};
}

Tile endpoints_tile(const Context& context) {
    const auto rows = context.rows("endpoints");
    const auto closed = std::count_if(rows.begin(), rows.end(),
                                      [](const Node& row) { return row["breaker"].is_text("closed"); });
    return {"Endpoints", "endpoints", worst(rows, endpoint_tone),
            std::to_string(closed) + " of " + std::to_string(rows.size()), "with a closed breaker"};
}

Tile waiting_tile(const Context& context) {
    const auto streams = context.rows("streams");
    const double spooled = sum(streams, "spooled_events"), held = sum(streams, "held_events");
    return {"Waiting events", "endpoints", spooled + held > 0 ? Tone::warn : Tone::good,
            format_count(spooled + held),
            format_count(spooled) + " spooled, " + format_count(held) + " held"};
}

Tile letters_tile(const Context& context) {
    const double letters = sum(context.rows("streams"), "dead_letters");
    const size_t groups = context.rows("dead_letters").size();
    return {"Dead letters", "dead-letters", letters > 0 ? Tone::warn : Tone::good, format_count(letters),
            letters > 0 ? plural(groups, "cause") : "every event was taken"};
}

Tone doctor_tone(const Context& context) {
    if (!context.document["doctor"].exists()) return Tone::neutral;
    if (count_findings(context, "error") > 0) return Tone::bad;
    return count_findings(context, "warning") > 0 ? Tone::warn : Tone::good;
}

Tile doctor_tile(const Context& context) {
    const size_t errors = count_findings(context, "error"), warnings = count_findings(context, "warning");
    const bool asked = context.document["doctor"].exists();
    return {"Doctor", "findings", doctor_tone(context),
            !asked                   ? "–"
            : errors + warnings == 0 ? "well"
                                     : std::to_string(errors + warnings),
            !asked                   ? "not asked yet"
            : errors + warnings == 0 ? "nothing to mend"
                                     : plural(errors, "error") + ", " + plural(warnings, "warning")};
}

void write_tile(Html& html, const Tile& tile) {
    html.raw("<li class=\"tile ")
        .raw(tone_class(tile.tone))
        .raw("\"><a href=\"#")
        .raw(tile.target)
        .raw("\">");
    html.raw("<span class=\"label\">").raw(tile.title).raw("</span> <span class=\"big\">").text(tile.value);
    html.raw("</span> <span class=\"detail\">").text(tile.detail).raw("</span></a></li>");
}

}  // namespace

Verdict verdict_of(const Context& context) {
    const Node relay = context.document["relay"];
    if (relay.exists() && !context.document["taken_at"].exists()) return {Tone::bad, "No values yet"};
    const Tone streams = worst(context.rows("streams"), stream_tone),
               endpoints = worst(context.rows("endpoints"), endpoint_tone), doctor = doctor_tone(context);
    const Tone tone = std::max({streams, endpoints, doctor});
    if (!context.rows("traffic_stops").empty()) return {Tone::bad, "Traffic is stopped"};
    if (streams == Tone::bad) return {tone, "A stream is not delivered"};
    if (endpoints == Tone::bad) return {tone, "An endpoint fails"};
    if (doctor == Tone::bad) return {tone, "Errors to mend"};
    if (tone == Tone::warn) return {tone, "Needs attention"};
    return tone == Tone::good ? Verdict{tone, "All is well"} : Verdict{tone, "Nothing is streamed"};
}

void write_overview(Html& html, const Context& context) {
    if (!context.document["taken_at"].exists()) return;
    html.raw("<ul class=\"tiles\">");
    for (const Tile& tile : {streams_tile(context), endpoints_tile(context), waiting_tile(context),
                             letters_tile(context), doctor_tile(context)})
        write_tile(html, tile);
    html.raw("</ul>");
}

}  // namespace gpsync::core::report
