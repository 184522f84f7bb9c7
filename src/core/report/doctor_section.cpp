// What doctor() found, with what mends it.
#include "core/report/sections.hpp"

namespace gpsync::core::report {

namespace {

// The text can be selected where the button does not work.
void write_fix(Html& html, std::string_view fix, std::string_view check, long long number) {
    if (fix.empty()) return;
    html.raw("<div class=\"fix\"><pre dir=\"ltr\"><code id=\"fix-").integer(number).raw("\">").text(fix);
    html.raw("</code></pre><button type=\"button\" class=\"copy\" data-copy=\"fix-").integer(number);
    html.raw("\" hidden>Copy<span class=\"unseen\"> what mends finding ")
        .integer(number)
        .raw(", ")
        .text(check);
    html.raw("</span></button></div>");
}

void write_finding(Html& html, const Node& finding, long long number) {
    html.raw("<li class=\"finding\"><p class=\"pills\">");
    write_pill(html, severity_tone(finding["severity"].text()), finding["severity"].text());
    html.raw("<span class=\"label\">").name(finding["check_name"].text()).raw("</span></p><p>");
    html.name(finding["finding"].text()).raw("</p>");
    write_fix(html, finding["fix"].text(), finding["check_name"].text(), number);
    html.raw("</li>");
}

}  // namespace

Tone severity_tone(std::string_view severity) {
    if (severity == "error") return Tone::bad;
    if (severity == "warning") return Tone::warn;
    return severity == "ok" ? Tone::good : Tone::neutral;
}

void write_findings(Html& html, const Context& context) {
    const Node doctor = context.document["doctor"];
    if (!doctor.exists()) {
        if (context.document["relay"].exists())
            html.raw("<p class=\"note\">doctor() has not been asked yet.</p>");
        return;
    }
    html.raw("<p class=\"note\"><code>doctor()</code> was asked ");
    write_time(html, context, doctor["checked_at"]);
    html.raw(".</p><ol class=\"findings\">");
    long long number = 0;
    for (const Node& finding : doctor["findings"].items()) write_finding(html, finding, ++number);
    html.raw("</ol>");
    if (const double left = doctor["total"].number_or(0) - static_cast<double>(number); left > 0)
        html.raw("<p class=\"note\">")
            .integer(static_cast<long long>(left))
            .raw(" more: ask <code>doctor()</code>.</p>");
}

}  // namespace gpsync::core::report
