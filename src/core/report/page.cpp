#include "core/report/page.hpp"

#include <array>
#include <vector>

#include "core/pii/base64.hpp"
#include "core/pii/protect/crypto.hpp"
#include "core/report/assets.hpp"
#include "core/report/format.hpp"
#include "core/report/sections.hpp"
#include "core/utf8.hpp"

namespace gpsync::core::report {

namespace {

constexpr std::array<Section, 10> kSections{{{"overview", "Overview", write_overview},
                                             {"findings", "Findings", write_findings},
                                             {"streams", "Streams", write_streams},
                                             {"endpoints", "Endpoints", write_endpoints},
                                             {"dead-letters", "Dead letters", write_dead_letters},
                                             {"held", "Held keys", write_held},
                                             {"cutover", "Cut-over", write_cutover},
                                             {"migration", "Migration", write_migration},
                                             {"lookups", "Look-ups", write_lookups},
                                             {"machines", "Status machines", write_machines}}};

std::string source_hash(std::string_view text) {
    const auto digest = pii::sha256(text);
    if (!digest) return "'none'";
    return "'sha256-" + pii::base64_encode(pii::bytes_of(*digest), pii::Base64Alphabet::kStandard, true) +
           "'";
}

struct Part {
    const Section* section;
    Html content;
};

std::vector<Part> write_parts(const Context& context) {
    std::vector<Part> parts;
    for (const Section& section : all_sections()) {
        Html content;
        section.write(content, context);
        if (!content.empty()) parts.push_back({&section, std::move(content)});
    }
    return parts;
}

// A dot in the colour of the verdict, in the browser's tab.
Markup icon(Tone tone) {
    switch (tone) {
        case Tone::good:
            return "%231a7f4b";
        case Tone::warn:
            return "%23b26a00";
        case Tone::bad:
            return "%23c62828";
        case Tone::neutral:
            break;
    }
    return "%23667085";
}

void write_head(Html& html, const Context& context, PageKind kind, const Verdict& verdict) {
    html.raw("<!doctype html>\n<html lang=\"en\"");
    html.raw(kind == PageKind::live ? Markup(" data-live") : Markup(""))
        .raw(">\n<head>\n<meta charset=\"utf-8\">\n");
    html.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"").text(page_policy(kind)).raw("\">\n");
    html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.raw(
        "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" "
        "content=\"no-referrer\">\n");
    html.raw(
            "<link rel=\"icon\" href=\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' "
            "viewBox='0 0 16 16'%3E%3Ccircle cx='8' cy='8' r='7' fill='")
        .raw(icon(verdict.tone))
        .raw("'/%3E%3C/svg%3E\">\n");
    html.raw("<title>").text(verdict.text).raw(" – gpsync ").text(context.document["database"].text());
    html.raw("</title>\n<style>").raw(kStyle).raw("</style>\n</head>\n");
}

// Since when the values are what they are, and why there are no newer ones.
void write_ages(Html& html, const Context& context) {
    const Node relay = context.document["relay"];
    if (context.document["taken_at"].exists()) {
        html.raw("<p class=\"ages\">Values taken ");
        write_time(html, context, context.document["taken_at"]);
        if (const Node checked = context.document["doctor"]["checked_at"]; checked.exists()) {
            html.raw(", <code>doctor()</code> asked ");
            write_time(html, context, checked);
        }
        html.raw("</p>");
    }
    if (relay.exists()) {
        html.raw("<p class=\"ages\">Relay of stream ").name(relay["stream"].text()).raw(" · ");
        html.name(relay["health"].text()).raw("</p>");
    }
    if (const auto problem = relay["problem"].text(); !problem.empty())
        html.raw("<p class=\"note bad\">").name(problem).raw("</p>");
}

void write_header(Html& html, const Context& context, const Verdict& verdict,
                  const std::vector<Part>& parts) {
    html.raw(
        "<a class=\"skip\" href=\"#content\">Skip to the content</a>\n<header id=\"top\">\n<div "
        "class=\"bar\"><h1>gpsync");
    if (const auto database = context.document["database"].text(); !database.empty())
        html.raw(" <span class=\"database\">").name(database).raw("</span>");
    html.raw("</h1><p class=\"verdict ")
        .raw(tone_class(verdict.tone))
        .raw("\" role=\"status\">")
        .text(verdict.text);
    html.raw("</p></div>\n<div id=\"ages\">");
    write_ages(html, context);
    html.raw("</div>\n<nav aria-label=\"Sections\"><ul>");
    for (const Part& part : parts)
        html.raw("<li><a href=\"#")
            .raw(part.section->id)
            .raw("\">")
            .raw(part.section->title)
            .raw("</a></li>");
    html.raw("</ul></nav>\n</header>\n");
}

void write_main(Html& html, const std::vector<Part>& parts) {
    html.raw("<main id=\"content\">\n");
    for (const Part& part : parts) {
        html.raw("<section id=\"").raw(part.section->id).raw("\" aria-labelledby=\"").raw(part.section->id);
        html.raw("-title\"><h2 id=\"")
            .raw(part.section->id)
            .raw("-title\">")
            .raw(part.section->title)
            .raw("</h2>");
        html.append(part.content).raw("</section>\n");
    }
    html.raw("</main>\n");
}

void write_footer(Html& html, const Context& context, PageKind kind) {
    html.raw("<footer><p>gpsync ").text(context.document["version"].text());
    if (kind == PageKind::live)
        html.raw(
            " · the same as <a href=\"/status.json\">JSON</a> · <a href=\"/metrics\">metrics</a>"
            " · <span id=\"live\">reload for newer values</span>");
    html.raw("</p></footer>\n");
}

}  // namespace

std::span<const Section> all_sections() {
    return kSections;
}

std::string page_policy(PageKind kind) {
    static const std::string sources = "default-src 'none'; style-src " + source_hash(kStyle.text()) +
                                       "; script-src " + source_hash(kScript.text()) +
                                       "; img-src data:; base-uri 'none'; form-action 'none'";
    return kind == PageKind::live ? sources + "; connect-src 'self'" : sources;
}

std::string render_page(std::string_view json, PageKind kind, std::optional<int64_t> now_us) {
    const Document document(json);
    const auto taken = parse_utc_time(document.root()["taken_at"].text());
    const Context context{document.root(), now_us.value_or(taken.value_or(0))};
    const Verdict verdict = verdict_of(context);
    const std::vector<Part> parts = write_parts(context);
    Html html;
    write_head(html, context, kind, verdict);
    html.raw("<body>\n");
    write_header(html, context, verdict, parts);
    write_main(html, parts);
    write_footer(html, context, kind);
    html.raw("<script>").raw(kScript).raw("</script>\n</body>\n</html>\n");
    return html.take();
}

// The style sheet and the script, in which a reference would mean nothing, are ASCII.
std::string ascii_html(std::string_view html) {
    std::string out;
    for (size_t at = 0; at < html.size();) {
        char32_t c;
        at += utf8::decode(html, at, c);
        if (c < 0x80)
            out += static_cast<char>(c);
        else
            out.append("&#").append(std::to_string(static_cast<uint32_t>(c))).append(";");
    }
    return out;
}

}  // namespace gpsync::core::report
