#include "core/report/machine_svg.hpp"

#include <algorithm>

#include "core/report/layered_layout.hpp"
#include "core/utf8.hpp"

namespace gpsync::core::report {

namespace {

constexpr size_t kMostStates = 40, kMostTransitions = 160;
constexpr size_t kMostCells = 26;   // of a name; the whole one is in the state's title
constexpr double kCellWidth = 7.3;  // of the style sheet's font for states, 12 px and fixed width
constexpr double kPadding = 26, kMargin = 6, kArrow = 5;
constexpr LayoutSizes kSizes;

// A name's first cells; characters from three bytes on may take two.
std::string shortened(std::string_view name, size_t& cells) {
    cells = 0;
    for (size_t at = 0; at < name.size();) {
        char32_t c;
        const size_t length = utf8::decode(name, at, c);
        const size_t width = length >= 3 ? 2 : 1;
        if (cells + width > kMostCells) return std::string(name.substr(0, at)) + "…";
        cells += width;
        at += length;
    }
    return std::string(name);
}

Graph graph_of(const StateMachine& machine) {
    Graph graph;
    for (size_t i = 0; i < machine.size(); ++i) {
        const auto state = static_cast<StateId>(i);
        size_t cells;
        shortened(machine.name(state), cells);
        graph.widths.push_back(static_cast<double>(std::max<size_t>(cells + 1, 6)) * kCellWidth + kPadding);
        for (StateId next : machine.next(state)) graph.edges.emplace_back(state, next);
    }
    for (StateId state : machine.initial()) graph.roots.push_back(state);
    return graph;
}

void write_point(Html& html, const Point& point) {
    html.coordinate(point.x + kMargin).raw(",").coordinate(point.y + kMargin);
}

// Curves that leave and reach their ends vertically.
void write_edge(Html& html, const std::vector<Point>& points) {
    html.raw("<path class=\"edge\" d=\"M");
    write_point(html, points.front());
    for (size_t i = 1; i < points.size(); ++i) {
        const double middle = (points[i - 1].y + points[i].y) / 2;
        html.raw(" C");
        write_point(html, {points[i - 1].x, middle});
        html.raw(" ");
        write_point(html, {points[i].x, middle});
        html.raw(" ");
        write_point(html, points[i]);
    }
    const Point end = points.back();
    const double back = end.y > points[points.size() - 2].y ? -kArrow * 1.6 : kArrow * 1.6;
    html.raw("\"/><path class=\"arrow\" d=\"M");
    write_point(html, end);
    html.raw(" L");
    write_point(html, {end.x - kArrow, end.y + back});
    html.raw(" L");
    write_point(html, {end.x + kArrow, end.y + back});
    html.raw(" Z\"/>");
}

void write_box(Html& html, Markup css_class, const Point& center, double width, double height) {
    html.raw("<rect class=\"")
        .raw(css_class)
        .raw("\" rx=\"9\" x=\"")
        .coordinate(center.x - width / 2 + kMargin);
    html.raw("\" y=\"").coordinate(center.y - height / 2 + kMargin);
    html.raw("\" width=\"").coordinate(width).raw("\" height=\"").coordinate(height).raw("\"/>");
}

void write_state(Html& html, const StateMachine& machine, StateId state, const Point& center, double width) {
    const bool initial = machine.is_initial(machine.name(state)), final = machine.next(state).empty();
    size_t cells;
    html.raw("<g><title>").text(machine.name(state));
    html.raw(initial ? Markup(", initial state") : Markup(""))
        .raw(final ? Markup(", final state") : Markup(""));
    html.raw("</title>");
    write_box(html, initial ? Markup("state initial") : Markup("state"), center, width, kSizes.node_height);
    if (final) write_box(html, "inner", center, width - 6, kSizes.node_height - 6);
    html.raw("<text x=\"").coordinate(center.x + kMargin).raw("\" y=\"").coordinate(center.y + kMargin + 4);
    html.raw("\">").text(shortened(machine.name(state), cells)).raw("</text></g>");
}

}  // namespace

bool can_be_drawn(const StateMachine& machine) {
    size_t transitions = 0;
    for (size_t i = 0; i < machine.size(); ++i) transitions += machine.next(static_cast<StateId>(i)).size();
    return machine.size() <= kMostStates && transitions <= kMostTransitions;
}

void write_machine_svg(Html& html, const StateMachine& machine, std::string_view name) {
    const Graph graph = graph_of(machine);
    const Layout layout = layered_layout(graph, kSizes);
    const double width = layout.width + 2 * kMargin, height = layout.height + 2 * kMargin;
    html.raw("<svg class=\"machine\" role=\"img\" viewBox=\"0 0 ")
        .coordinate(width)
        .raw(" ")
        .coordinate(height);
    html.raw("\" width=\"")
        .coordinate(width)
        .raw("\" height=\"")
        .coordinate(height)
        .raw("\"><title>State diagram of machine ");
    html.text(name).raw("</title>");
    for (const auto& points : layout.routes) write_edge(html, points);
    for (size_t i = 0; i < machine.size(); ++i)
        write_state(html, machine, static_cast<StateId>(i), layout.centers[i], graph.widths[i]);
    html.raw("</svg>");
}

}  // namespace gpsync::core::report
