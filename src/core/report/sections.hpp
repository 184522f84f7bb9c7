// The sections of the page. Each writes nothing when there is nothing to say.
#pragma once

#include <span>

#include "core/report/widgets.hpp"

namespace gpsync::core::report {

struct Section {
    Markup id, title;
    void (*write)(Html& html, const Context& context);
};

// In the order of the page.
std::span<const Section> all_sections();

// How everything is, in a word or two.
struct Verdict {
    Tone tone = Tone::neutral;
    std::string text;
};
Verdict verdict_of(const Context& context);

void write_overview(Html& html, const Context& context);
void write_findings(Html& html, const Context& context);
void write_streams(Html& html, const Context& context);
void write_endpoints(Html& html, const Context& context);
void write_dead_letters(Html& html, const Context& context);
void write_held(Html& html, const Context& context);
void write_cutover(Html& html, const Context& context);
void write_migration(Html& html, const Context& context);
void write_lookups(Html& html, const Context& context);
void write_machines(Html& html, const Context& context);

// Of words that the views use.
Tone stream_tone(const Node& stream);
std::string stream_state(const Node& stream);
Tone breaker_tone(std::string_view breaker);
Tone severity_tone(std::string_view severity);

}  // namespace gpsync::core::report
