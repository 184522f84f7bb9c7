// Imports, verifications, resends and look-ups.
#include <array>

#include "core/report/format.hpp"
#include "core/report/sections.hpp"

namespace gpsync::core::report {

namespace {

Tone job_tone(std::string_view state) {
    if (state == "done" || state == "finished") return Tone::good;
    if (state == "failed" || state == "interrupted") return Tone::bad;
    return state == "running" || state == "checksums" || state == "registered" ? Tone::neutral : Tone::warn;
}

void begin_job(Html& html, Markup kind, const Node& job, const char* name) {
    html.raw("<article class=\"card\"><h3>").name(job[name].text()).raw("</h3><p class=\"note\">").raw(kind);
    html.raw(" <code>").name(job["relation"].text()).raw("</code></p><p class=\"pills\">");
    write_pill(html, job_tone(job["state"].text()), job["state"].text());
    if (const auto phase = job["phase"].text(); !phase.empty() && job["state"].is_text("running"))
        write_pill(html, Tone::neutral, phase);
    html.raw("</p>");
}

void end_job(Html& html, const Context& context, const Node& job) {
    if (const auto waits = job["waits_for"].text(); !waits.empty())
        html.raw("<p class=\"said\"><span class=\"label\">Waits</span> ").name(waits).raw("</p>");
    if (const auto state = job["sqlstate"].text(); !state.empty()) {
        html.raw("<p class=\"said\"><span class=\"label\">Last error ");
        write_time(html, context, job["last_error_at"]);
        html.raw("</span> SQLSTATE ").text(state).raw("</p>");
    }
    html.raw("</article>");
}

struct Count {
    Markup term;
    const char* member;
};

void write_counts(Html& html, const Node& job, std::initializer_list<Count> counts, Tone tone) {
    for (const auto& [term, member] : counts) {
        const double number = job[member].number_or(0);
        write_fact(html, term, format_count(number), number > 0 ? tone : Tone::neutral);
    }
}

void write_import(Html& html, const Context& context, const Node& job) {
    begin_job(html, "import into", job, "job");
    const double read = job["read"].number_or(0), all = job["rows_estimated"].number_or(0);
    write_progress(html, job["state"].is_text("done") ? 1 : read, job["state"].is_text("done") ? 1 : all,
                   "Rows read of those estimated");
    html.raw("<dl class=\"facts\">");
    write_fact(html, "Read of about", format_count(read) + " of " + format_count(all));
    write_counts(html, job, {{"Written", "written"}, {"Skipped", "skipped"}}, Tone::neutral);
    write_counts(html, job, {{"Rejected", "rejected"}, {"Rejects to look at", "rejects_open"}}, Tone::warn);
    write_counts(html, job, {{"Rows a second", "rows_per_second"}}, Tone::neutral);
    if (!job["ended_at"].exists()) write_time_fact(html, context, "Ends", job["ends_at"]);
    write_time_fact(html, context, "Ended", job["ended_at"]);
    html.raw("</dl>");
    end_job(html, context, job);
}

void write_verification(Html& html, const Context& context, const Node& run) {
    begin_job(html, "verification of", run, "run");
    write_progress(html, run["slices_done"].number_or(0), run["slices"].number_or(0), "Slices compared");
    html.raw("<dl class=\"facts\">");
    write_counts(html, run,
                 {{"Rows here", "modern_rows"}, {"Rows there", "legacy_rows"}, {"To confirm", "candidates"}},
                 Tone::neutral);
    write_counts(html, run, {{"Missing", "missing"}, {"Extra", "extra"}, {"Differing", "differs"}},
                 Tone::bad);
    write_counts(html, run, {{"Refused", "refused"}, {"Unsettled", "unsettled"}}, Tone::warn);
    write_time_fact(html, context, "Finished", run["finished_at"]);
    html.raw("</dl>");
    end_job(html, context, run);
}

void write_resend(Html& html, const Context& context, const Node& job) {
    begin_job(html, "rows sent again of", job, "job");
    write_progress(html, job["rows_read"].number_or(0), job["rows_estimated"].number_or(0),
                   "Rows read of those estimated");
    html.raw("<dl class=\"facts\">");
    write_counts(html, job, {{"Read", "rows_read"}, {"Sent", "rows_sent"}}, Tone::neutral);
    write_time_fact(html, context, "Finished", job["finished_at"]);
    html.raw("</dl>");
    end_job(html, context, job);
}

}  // namespace

void write_migration(Html& html, const Context& context) {
    for (const char* section : {"imports", "verifications", "resends"}) write_notes(html, context, section);
    Html cards;
    for (const Node& job : context.rows("imports")) write_import(cards, context, job);
    for (const Node& run : context.rows("verifications")) write_verification(cards, context, run);
    for (const Node& job : context.rows("resends")) write_resend(cards, context, job);
    if (!cards.empty()) html.raw("<div class=\"cards\">").append(cards).raw("</div>");
}

void write_lookups(Html& html, const Context& context) {
    static const std::array<Column, 10> kColumns{{{"Look-up", "lookup"},
                                                  {"Table", "relation"},
                                                  {"Endpoint", "endpoint"},
                                                  {"State", "state"},
                                                  {"Asked", "asked", Cell::count},
                                                  {"Answered", "answered", Cell::count},
                                                  {"Written", "written", Cell::count},
                                                  {"Conflicts", "conflicts", Cell::count},
                                                  {"Next pass", "next_due_at", Cell::time},
                                                  {"Last error", "last_error"}}};
    if (!has_content(context, "lookups")) return;
    write_notes(html, context, "lookups");
    write_table(html, context, "Statuses that are asked of a token system", context.rows("lookups"),
                kColumns);
}

}  // namespace gpsync::core::report
