#include "core/pii/document/json_text_scrub.hpp"

#include "core/pii/document/json_text_source.hpp"
#include "core/pii/document/text_sink.hpp"

namespace gpsync::core::pii {

Verdict JsonTextScrub::scrub(std::string_view json, Scrubber& scrubber) noexcept {
    try {
        constexpr size_t kKept = 1 << 20;  // what a large value needed does not stay
        if (text_.capacity > kKept) text_.release();
        text_.size = 0;
        JsonTextSource source(json);
        TextSink sink(text_, scrubber, [](std::string_view text) { return text; });
        const Visited visited = visit(source, scrubber, sink);
        if (visited == Visited::kError) return Verdict::kError;
        if (visited == Visited::kUnreadable || sink.removed()) return Verdict::kRemove;
        return sink.changed() ? Verdict::kReplace : Verdict::kKeep;
    } catch (const std::exception&) {
        return Verdict::kError;
    }
}

}  // namespace gpsync::core::pii
