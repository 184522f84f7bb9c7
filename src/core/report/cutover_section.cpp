// The cut-over: stopped traffic, ramps with what decides about them, batches that were or can be taken back.
#include <array>

#include "core/report/chart.hpp"
#include "core/report/format.hpp"
#include "core/report/sections.hpp"

namespace gpsync::core::report {

namespace {

Tone ramp_tone(std::string_view state) {
    if (state == "running" || state == "complete") return Tone::good;
    return state == "rolled_back" || state == "failing" ? Tone::bad : Tone::warn;
}

std::string percent(const Node& share) {
    return format_number(share.number_or(0)) + " %";
}

void write_share(Html& html, const Node& ramp) {
    html.raw("<p class=\"figure-line\"><span class=\"big\">").text(percent(ramp["share"]));
    html.raw("</span> of the keys are modern</p>");
    write_progress(html, ramp["share"].number_or(0), 100, "Share of the modern platform");
}

// What decides about a roll-back, as the log calls it.
std::string statistic_name(const Node& statistic) {
    if (statistic.is_text("cusum")) return "CUSUM of errors";
    if (statistic.is_text("e_value")) return "Evidence of too many errors (e-value)";
    return statistic.is_text("error_rate") ? "Error rate" : std::string(statistic.text());
}

void write_statistic(Html& html, const Node& ramp) {
    const auto value = ramp["value"].number(), bound = ramp["bound"].number();
    if (!value || !bound || *bound <= 0) return;
    const std::string label = statistic_name(ramp["statistic"]) + " " + format_number(*value) +
                              ", rolled back beyond " + format_number(*bound);
    html.raw("<p class=\"note\">").text(label).raw("</p>");
    write_meter(html, *value, *bound, label);
}

void write_gate(Html& html, const Node& gate) {
    html.raw("<li>");
    write_pill(html, gate["open"].is_true() ? Tone::good : Tone::warn,
               gate["open"].is_true() ? "open" : "shut");
    html.raw(" ").name(gate["gate"].text());
    if (const auto value = gate["value"].number()) {
        html.raw(" <span class=\"label\">").text(format_number(*value));
        // An interval, or the state that is wanted.
        if (const auto limit = gate["limit"].number())
            html.raw(" of at most ").text(format_number(*limit));
        else
            html.raw(" (limit: ").name(gate["limit"].text()).raw(")");
        html.raw("</span>");
    }
    if (const auto reason = gate["reason"].text(); !reason.empty())
        html.raw(" <span class=\"label\">").name(reason).raw("</span>");
    html.raw("</li>");
}

void write_gates(Html& html, const Node& ramp) {
    const auto gates = ramp["gates"].items();
    if (gates.empty()) return;
    html.raw("<h4>Gates of the next step</h4><ul class=\"gates\">");
    for (const Node& gate : gates) write_gate(html, gate);
    html.raw("</ul>");
}

void write_ramp(Html& html, const Context& context, const Node& ramp) {
    html.raw("<article class=\"card\"><h3>").name(ramp["ramp"].text()).raw("</h3><p class=\"pills\">");
    std::string state(ramp["state"].text());
    if (state == "rolled_back") state = "rolled back";
    write_pill(html, ramp_tone(ramp["state"].text()), state);
    if (ramp["suspicious"].is_true()) write_pill(html, Tone::warn, "suspicious");
    html.raw("</p>");
    write_share(html, ramp);
    write_statistic(html, ramp);
    html.raw("<dl class=\"facts\">");
    write_fact(html, "Requests of this step", format_count(ramp["requests"].number_or(0)));
    write_fact(html, "Errors", format_count(ramp["errors"].number_or(0)));
    if (const auto rate = ramp["error_rate"].number()) write_fact(html, "Error rate", format_percent(*rate));
    if (ramp["max_error_rate"].exists())
        write_fact(html, "Error rate allowed", format_percent(ramp["max_error_rate"].number_or(0)));
    if (ramp["next_share"].exists()) write_fact(html, "Next step to", percent(ramp["next_share"]));
    write_time_fact(html, context, "Next step", ramp["next_step_at"]);
    write_time_fact(html, context, "So since", ramp["since"]);
    write_time_fact(html, context, "Last look", ramp["looked_at"]);
    html.raw("</dl>");
    if (const auto reason = ramp["reason"].text(); !reason.empty())
        html.raw("<p class=\"said\"><span class=\"label\">Reason</span> ").name(reason).raw("</p>");
    write_gates(html, ramp);
    html.raw("</article>");
}

void write_stops(Html& html, const Context& context) {
    static const std::array<Column, 5> kColumns{{{"Table", "relation"},
                                                 {"Reason", "reason"},
                                                 {"By", "stopped_by"},
                                                 {"Since", "stopped_at", Cell::time},
                                                 {"Until", "until", Cell::time}}};
    if (!has_content(context, "traffic_stops")) return;
    write_notes(html, context, "traffic_stops");
    const auto rows = context.rows("traffic_stops");
    if (rows.empty()) return;
    html.raw("<p class=\"alert\">Traffic is stopped: these tables refuse writes.</p>");
    write_table(html, context, "Tables that refuse writes", rows, kColumns);
}

void write_log(Html& html, const Context& context) {
    static const std::array<Column, 9> kColumns{{{"Ramp", "ramp"},
                                                 {"When", "decided_at", Cell::time},
                                                 {"Decision", "decision"},
                                                 {"From, %", "share_before", Cell::number},
                                                 {"To, %", "share_after", Cell::number},
                                                 {"Statistic", "value", Cell::number},
                                                 {"Bound", "bound", Cell::number},
                                                 {"Requests", "requests", Cell::count},
                                                 {"Reason", "reason"}}};
    if (!has_content(context, "ramp_log")) return;
    write_notes(html, context, "ramp_log");
    write_table(html, context, "The latest decisions about ramps", context.rows("ramp_log"), kColumns);
}

void write_batches(Html& html, const Context& context) {
    static const std::array<Column, 7> kBatches{{{"Batch", "batch"},
                                                 {"State", "state"},
                                                 {"Inserts", "inserts", Cell::count},
                                                 {"Updates", "updates", Cell::count},
                                                 {"Deletes", "deletes", Cell::count},
                                                 {"First", "first_at", Cell::time},
                                                 {"Last", "last_at", Cell::time}}};
    static const std::array<Column, 9> kRollbacks{{{"Batch", "batch"},
                                                   {"Phase", "phase"},
                                                   {"Reverted", "reverted", Cell::count},
                                                   {"Deleted", "deleted", Cell::count},
                                                   {"Inserted again", "inserted", Cell::count},
                                                   {"Left", "left", Cell::count},
                                                   {"Began", "started_at", Cell::time},
                                                   {"Ended", "ended_at", Cell::time},
                                                   {"Reason", "reason"}}};
    if (has_content(context, "rollbacks")) {
        write_notes(html, context, "rollbacks");
        write_table(html, context, "Batches that are, or were, taken back", context.rows("rollbacks"),
                    kRollbacks);
    }
    if (has_content(context, "batches")) {
        write_notes(html, context, "batches");
        write_table(html, context, "Batches that can be taken back", context.rows("batches"), kBatches);
    }
}

}  // namespace

void write_cutover(Html& html, const Context& context) {
    write_stops(html, context);
    write_notes(html, context, "ramps");
    Html cards;
    for (const Node& ramp : context.rows("ramps")) write_ramp(cards, context, ramp);
    if (!cards.empty()) html.raw("<div class=\"cards\">").append(cards).raw("</div>");
    write_log(html, context);
    write_batches(html, context);
}

}  // namespace gpsync::core::report
