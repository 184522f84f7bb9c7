#include "core/report/chart.hpp"

#include <algorithm>

namespace gpsync::core::report {

namespace {

constexpr double kWidth = 240, kHeight = 40;
constexpr double kRoom = 3;  // above the highest sample and below the lowest

struct Scale {
    double step, top;
    double x(size_t at) const { return static_cast<double>(at) * step; }
    double y(double value) const { return kHeight - kRoom - value / top * (kHeight - 2 * kRoom); }
};

void write_at(Html& html, double x, double y) {
    html.coordinate(x).raw(",").coordinate(y).raw(" ");
}

// Samples from first on, to the next gap: the area under them, and their line. Returns where they end.
size_t write_run(Html& html, const std::vector<std::optional<double>>& samples, const Scale& scale,
                 size_t first) {
    size_t end = first;
    while (end < samples.size() && samples[end]) ++end;
    html.raw("<path class=\"area\" d=\"M");
    write_at(html, scale.x(first), kHeight);
    for (size_t i = first; i < end; ++i) write_at(html, scale.x(i), scale.y(*samples[i]));
    write_at(html, scale.x(end - 1), kHeight);
    html.raw("Z\"/><path class=\"line\" d=\"M");
    for (size_t i = first; i < end; ++i) write_at(html, scale.x(i), scale.y(*samples[i]));
    // A single sample is a short line.
    if (end == first + 1) write_at(html, scale.x(first) + 1, scale.y(*samples[first]));
    html.raw("\"/>");
    return end;
}

}  // namespace

void write_sparkline(Html& html, const std::vector<std::optional<double>>& samples, std::string_view label) {
    double top = 0;
    for (const auto& sample : samples) top = std::max(top, sample.value_or(0));
    const double steps = static_cast<double>(std::max<size_t>(samples.size(), 2) - 1);
    const Scale scale{kWidth / steps, top > 0 ? top : 1};
    html.raw("<svg class=\"spark\" role=\"img\" viewBox=\"0 0 240 40\" preserveAspectRatio=\"none\"><title>");
    html.text(label).raw("</title>");
    for (size_t at = 0; at < samples.size();)
        if (samples[at])
            at = write_run(html, samples, scale, at);
        else
            ++at;
    html.raw("</svg>");
}

void write_meter(Html& html, double value, double bound, std::string_view label) {
    // The bound is at four fifths, so that a value beyond it is seen.
    const double share = std::clamp(value / bound * 0.8, 0.0, 1.0);
    html.raw("<svg class=\"meter\" role=\"img\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\"><title>");
    html.text(label).raw("</title><rect class=\"track\" y=\"2\" width=\"100\" height=\"4\"/><rect class=\"");
    html.raw(value >= bound ? Markup("value over") : Markup("value")).raw("\" y=\"2\" height=\"4\" width=\"");
    html.coordinate(share * 100)
        .raw("\"/><rect class=\"bound\" x=\"79.6\" width=\"0.8\" height=\"8\"/></svg>");
}

}  // namespace gpsync::core::report
