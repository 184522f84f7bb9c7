#include "core/nearest_name.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "core/ascii_case.hpp"

namespace gpsync::core {

namespace {

size_t allowed_edits(std::string_view given) {
    return std::clamp<size_t>(given.size() / 3, 1, 4);
}

}  // namespace

size_t edit_distance(std::string_view a, std::string_view b, size_t limit) {
    if (a.size() > b.size()) std::swap(a, b);
    if (b.size() - a.size() > limit) return limit + 1;

    // Three rows of the usual table are enough: this one, the one above, and the one above that for swaps.
    std::array<std::vector<size_t>, 3> rows;
    for (auto& row : rows) row.resize(b.size() + 1);
    for (size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
    for (size_t i = 1; i <= a.size(); ++i) {
        auto& row = rows[i % 3];
        const auto& above = rows[(i + 2) % 3];
        const auto& two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b.size(); ++j) {
            const bool same = to_lower(a[i - 1]) == to_lower(b[j - 1]);
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
            if (i > 1 && j > 1 && to_lower(a[i - 1]) == to_lower(b[j - 2]) &&
                to_lower(a[i - 2]) == to_lower(b[j - 1]))
                row[j] = std::min(row[j], two_above[j - 2] + 1);
        }
    }
    return std::min(rows[a.size() % 3][b.size()], limit + 1);
}

std::optional<std::string_view> nearest_name(std::string_view given,
                                             std::span<const std::string_view> names) {
    std::optional<std::string_view> nearest;
    size_t limit = allowed_edits(given);
    for (std::string_view name : names) {
        const size_t distance = edit_distance(given, name, limit);
        if (distance > limit) continue;
        nearest = name;
        if (distance == 0) break;
        limit = distance - 1;  // only a closer one replaces it
    }
    return nearest;
}

std::string list_names(std::span<const std::string_view> names) {
    std::string list;
    for (std::string_view name : names) {
        if (!list.empty()) list += ", ";
        list += name;
    }
    return list;
}

std::string unknown_name_hint(std::string_view given, std::string_view what,
                              std::span<const std::string_view> names) {
    std::string hint;
    if (names.empty()) return hint;
    if (auto nearest = nearest_name(given, names)) {
        hint += "Perhaps you meant \"";
        hint += *nearest;
        hint += "\". ";
    }
    hint += "Valid ";
    hint += what;
    hint += " are: ";
    hint += list_names(names);
    hint += '.';
    return hint;
}

}  // namespace gpsync::core
