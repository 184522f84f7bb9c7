#include "core/report/widgets.hpp"

#include <algorithm>
#include <cmath>

#include "core/report/format.hpp"

namespace gpsync::core::report {

Markup tone_class(Tone tone) {
    switch (tone) {
        case Tone::good:
            return "good";
        case Tone::warn:
            return "warn";
        case Tone::bad:
            return "bad";
        case Tone::neutral:
            break;
    }
    return "neutral";
}

void write_pill(Html& html, Tone tone, std::string_view text) {
    html.raw("<span class=\"pill ").raw(tone_class(tone)).raw("\">").text(text).raw("</span>");
}

void write_time(Html& html, const Context& context, const Node& time) {
    const auto micros = parse_utc_time(time.text());
    if (!micros) return;
    const double seconds = static_cast<double>(context.now_us - *micros) / 1e6;
    html.raw("<time datetime=\"")
        .text(time.text())
        .raw("\" title=\"")
        .text(format_utc_time(*micros))
        .raw(" UTC\">");
    if (std::fabs(seconds) < 1)
        html.raw("now");
    else if (seconds > 0)
        html.text(format_duration(seconds)).raw(" ago");
    else
        html.raw("in ").text(format_duration(-seconds));
    html.raw("</time>");
}

void write_error(Html& html, const Context& context, const Node& error, const Node& time) {
    if (error.text().empty()) return;
    html.raw("<p class=\"said\"><span class=\"label\">Last error");
    if (time.exists()) {
        html.raw(", ");
        write_time(html, context, time);
    }
    html.raw("</span> ").name(error.text()).raw("</p>");
}

void write_fact(Html& html, Markup term, std::string_view text, Tone tone) {
    html.raw("<div><dt>")
        .raw(term)
        .raw("</dt><dd class=\"")
        .raw(tone_class(tone))
        .raw("\">")
        .name(text)
        .raw("</dd></div>");
}

void write_time_fact(Html& html, const Context& context, Markup term, const Node& time) {
    if (!time.exists()) return;
    html.raw("<div><dt>").raw(term).raw("</dt><dd>");
    write_time(html, context, time);
    html.raw("</dd></div>");
}

void write_progress(Html& html, double done, double whole, std::string_view label) {
    const double share = whole > 0 ? std::clamp(done / whole, 0.0, 1.0) : 0;
    html.raw(
        "<svg class=\"progress\" role=\"img\" viewBox=\"0 0 100 4\" preserveAspectRatio=\"none\"><title>");
    html.text(label).raw(": ").text(format_percent(std::floor(share * 100) / 100));
    html.raw(
        "</title><rect class=\"track\" width=\"100\" height=\"4\"/><rect class=\"done\" height=\"4\" "
        "width=\"");
    html.coordinate(share * 100).raw("\"/></svg>");
}

std::string format_cell(const Node& value, Cell cell) {
    const auto number = value.number();
    if (!number) return std::string(value.text());
    switch (cell) {
        case Cell::count:
            return format_count(*number);
        case Cell::bytes:
            return format_bytes(*number);
        case Cell::percent:
            return format_percent(*number);
        default:
            return format_number(*number);
    }
}

static void write_cell(Html& html, const Context& context, const Column& column, const Node& value) {
    if (!value.exists())
        html.raw("<span class=\"none\">–</span>");
    else if (column.cell == Cell::time)
        write_time(html, context, value);
    else if (column.cell == Cell::code)
        html.raw("<code>").name(value.text()).raw("</code>");
    else
        html.name(format_cell(value, column.cell));
}

static bool is_figure(Cell cell) {
    return cell != Cell::text && cell != Cell::code && cell != Cell::time;
}

static void write_row(Html& html, const Context& context, const Node& row, std::span<const Column> columns) {
    html.raw("<tr role=\"row\">");
    bool first = true;
    for (const Column& column : columns) {
        html.raw(first ? Markup("<th scope=\"row\" role=\"rowheader\"") : Markup("<td role=\"cell\""));
        html.raw(is_figure(column.cell) ? Markup(" class=\"figure\"") : Markup(""));
        html.raw(" data-title=\"").raw(column.title).raw("\"><div>");
        write_cell(html, context, column, row[column.member]);
        html.raw(first ? Markup("</div></th>") : Markup("</div></td>"));
        first = false;
    }
    html.raw("</tr>");
}

void write_table(Html& html, const Context& context, Markup caption, const std::vector<Node>& rows,
                 std::span<const Column> columns) {
    html.raw("<table role=\"table\"><caption>").raw(caption).raw("</caption>");
    html.raw("<thead role=\"rowgroup\"><tr role=\"row\">");
    for (const Column& column : columns)
        html.raw("<th scope=\"col\" role=\"columnheader\"")
            .raw(is_figure(column.cell) ? Markup(" class=\"figure\">") : Markup(">"))
            .raw(column.title)
            .raw("</th>");
    html.raw("</tr></thead><tbody role=\"rowgroup\">");
    for (const Node& row : rows) write_row(html, context, row, columns);
    html.raw("</tbody></table>");
}

void write_notes(Html& html, const Context& context, std::string_view section) {
    const Node part = context.document[section];
    if (part["sqlstate"].exists())
        html.raw("<p class=\"note bad\">This part could not be read: SQLSTATE ")
            .text(part["sqlstate"].text())
            .raw(".</p>");
    const double shown = static_cast<double>(part["rows"].items().size()), total = part["total"].number_or(0);
    if (total > shown)
        html.raw("<p class=\"note\">")
            .text(format_count(shown))
            .raw(" of ")
            .text(format_count(total))
            .raw(" are shown.</p>");
}

bool has_content(const Context& context, std::string_view section) {
    const Node part = context.document[section];
    return part["sqlstate"].exists() || !part["rows"].items().empty();
}

}  // namespace gpsync::core::report
