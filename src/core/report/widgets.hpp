// What the sections of the page are made of.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/report/document.hpp"
#include "core/report/html.hpp"

namespace gpsync::core::report {

// What the page is made from.
struct Context {
    Node document;
    int64_t now_us = 0;  // to which times are compared

    // Of a section of the document.
    std::vector<Node> rows(std::string_view section) const { return document[section]["rows"].items(); }
};

// How good or bad it is: a colour, always beside a word that says the same.
enum class Tone : unsigned char { neutral, good, warn, bad };
Markup tone_class(Tone tone);

void write_pill(Html& html, Tone tone, std::string_view text);
// "3 min ago", "in 4 s"; nothing without a time.
void write_time(Html& html, const Context& context, const Node& time);
// What an endpoint or the server said last, and when; nothing without a text.
void write_error(Html& html, const Context& context, const Node& error, const Node& time);
// An entry of a <dl>.
void write_fact(Html& html, Markup term, std::string_view text, Tone tone = Tone::neutral);
void write_time_fact(Html& html, const Context& context, Markup term, const Node& time);
// How much of it is done. label: for those who do not see the bar.
void write_progress(Html& html, double done, double whole, std::string_view label);

enum class Cell : unsigned char { text, code, count, bytes, percent, number, time };
struct Column {
    Markup title;
    std::string_view member;
    Cell cell = Cell::text;
};
// The first column is the rows' header. On a narrow screen a row becomes a card, and each cell has its title.
void write_table(Html& html, const Context& context, Markup caption, const std::vector<Node>& rows,
                 std::span<const Column> columns);
// A figure as a cell would show it.
std::string format_cell(const Node& value, Cell cell);

// That rows were left out, or a section of the document could not be read; else nothing.
void write_notes(Html& html, const Context& context, std::string_view section);
bool has_content(const Context& context, std::string_view section);

}  // namespace gpsync::core::report
