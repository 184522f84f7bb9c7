// Documents inside strings: JSON, base64 of text. Each layer is scrubbed as the document it is, in the
// context of the keys above it, and put back.
#include <algorithm>
#include <array>

#include "core/hex.hpp"
#include "core/json_writer.hpp"
#include "core/pii/base64.hpp"
#include "core/pii/detect/code_pairs.hpp"
#include "core/pii/document/json_edit_sink.hpp"
#include "core/pii/document/scrub_level.hpp"
#include "core/pii/entities.hpp"
#include "core/pii/json_reader.hpp"
#include "core/pii/names/name_values.hpp"
#include "core/pii/protect/actions.hpp"
#include "core/pii/stop.hpp"
#include "core/pii/text.hpp"
#include "core/utf8.hpp"

namespace gpsync::core::pii {

bool Scrubber::edit_json(std::string_view text, std::vector<Edit>& edits) {
    JsonTextSource source(text);
    JsonEditSink<Edit> sink(*this, edits);
    return visit(source, *this, sink, depth_ > 0) == Visited::kAll;
}

bool Scrubber::spend(size_t bytes) {
    spent_ += bytes;
    if (spent_ > policy_.limits().bytes) over_budget_ = true;
    return !over_budget_;
}

namespace {

bool valid_json(std::string_view text) {
    JsonReader reader(text);
    while (true) {
        const JsonReader::Token token = reader.next();
        if (token == JsonReader::Token::kEnd) return true;
        if (token == JsonReader::Token::kError) return false;
    }
}

// The length of the JSON object or array that text begins with, if it is a whole one; else 0. read is how far
// it was read.
size_t json_prefix(std::string_view text, size_t& read) {
    JsonReader reader(text);
    while (true) {
        const JsonReader::Token token = reader.next();
        read = reader.offset();
        if (token == JsonReader::Token::kError || token == JsonReader::Token::kEnd) return 0;
        if (reader.complete()) return reader.end();
    }
}

bool stays_in_url(char c) {
    return is_word(c) || std::string_view("-._~:*[]").find(c) != std::string_view::npos;
}

}  // namespace

std::string encode_for(std::string text, bool percent, bool backslash, bool entities) {
    if (!percent && !backslash && !entities) return text;
    std::string out;
    for (char c : text) {
        if (entities && (c == '"' || c == '&')) {
            out += c == '"' ? "&quot;" : "&amp;";
            continue;
        }
        if (backslash && (c == '"' || c == '\\')) out.push_back('\\');
        if (percent && !stays_in_url(c)) {
            out.push_back('%');
            hex::append(out, {&c, 1}, hex::kUpper);
        } else {
            out.push_back(c);
        }
    }
    return out;
}

std::string encode_for(std::string text, std::string_view layers) {
    for (; !layers.empty(); layers.remove_suffix(1))
        text = encode_for(std::move(text), layers.back() == '%', layers.back() == '\\', layers.back() == '&');
    return text;
}

std::string Scrubber::View::quoting(size_t at) const {
    std::string layers;
    const size_t quote = text.find('"', at);
    if (quote == std::string_view::npos || (!percent && !backslash && !entities)) return layers;
    const auto begin = static_cast<uint32_t>(quote);
    std::string written(original_of(begin, begin + 1));
    constexpr size_t kMostLayers = 8;
    for (MappedText next; layers.size() < kMostLayers && written != "\""; written = next.text) {
        if (percent && decode_percent(written, {}, next))
            layers.push_back('%');
        else if (backslash && decode_backslash(written, {}, next))
            layers.push_back('\\');
        else if (entities && decode_entities(written, {}, next))
            layers.push_back('&');
        else
            break;
    }
    return layers;
}

// False: it cannot be read, by an error or by the budget.
bool Scrubber::collect_document(const View& view, size_t begin, size_t length, std::vector<Edit>& edits) {
    if (depth_ >= policy_.limits().depth || !spend(length)) {
        over_budget_ = true;
        return false;
    }
    const std::string json(view.text.substr(begin, length));
    std::vector<Edit> inner;
    ++depth_;
    path_.enter_embedded();
    const bool good = edit_json(json, inner);
    path_.leave_embedded();
    --depth_;
    if (!good) return false;
    const std::string quoting = inner.empty() ? std::string() : view.quoting(begin);
    for (Edit& edit : inner)
        edits.push_back({view.position(static_cast<uint32_t>(begin + edit.begin)),
                         view.position(static_cast<uint32_t>(begin + edit.end)), edit.action,
                         encode_for(std::move(edit.text), quoting)});
    return true;
}

// Whether all of the text is one document of JSON with a string in it; then it has been read, unless that is
// over the budget, and nothing else needs to be looked for: the document's strings are read as any others
// are.
bool Scrubber::collect_whole_json(const View& view, std::vector<Edit>& edits) {
    const std::string_view text = view.text;
    if (text.size() < 2 || (text.back() != '}' && text.back() != ']') ||
        text.find('"') == std::string_view::npos)
        return false;
    size_t read = 0;
    if (json_prefix(text, read) != text.size()) return false;
    (void)collect_document(view, 0, text.size(), edits);
    return true;
}

// JSON that is the whole string, or begins somewhere in it. True when it was the whole string: then there is
// nothing more to find.
bool Scrubber::collect_json(const View& view, std::vector<Edit>& edits) {
    const size_t most = 8 * view.text.size() + 1024;
    size_t begin = find_either(view.text, '{', '[', 0);
    size_t checked_at = 0, quote = view.text.find('"');
    Level& here = level();
    here.documents.clear();
    here.broken.clear();
    while (begin != std::string_view::npos) {
        // Without a string in it there is nothing in JSON that the text alone does not show.
        if (quote < begin) quote = view.text.find('"', begin);
        if (quote == std::string_view::npos) return false;
        if (checked_at > most) {
            over_budget_ = true;
            return false;
        }
        size_t read = 0;
        const size_t length = json_prefix(view.text.substr(begin), read);
        checked_at += read;
        if (length > 0)
            here.documents.emplace_back(begin, begin + length);
        else if (here.broken.empty() || here.broken.back().second < begin + read)
            here.broken.emplace_back(begin, begin + read);
        const bool worth = length > 2 && view.text.substr(begin, length).find_first_of("\"0123456789") !=
                                             std::string_view::npos;
        if (worth) {
            if (!collect_document(view, begin, length, edits)) return !over_budget_;
            const auto outside = [&](size_t from, size_t to) {
                return std::all_of(view.text.begin() + static_cast<std::ptrdiff_t>(from),
                                   view.text.begin() + static_cast<std::ptrdiff_t>(to), is_space);
            };
            if (outside(0, begin) && outside(begin + length, view.text.size())) return true;
        }
        begin = find_either(view.text, '{', '[', begin + std::max<size_t>(length, 1));
    }
    return false;
}

// JSON that is broken off, as logs shorten it: its pairs up to there, but for what collect_json() has read.
// Where that is not JSON only because of a mark in it, pairs behind the mark are found by what begins there.
void Scrubber::collect_broken_json(const View& view, std::vector<Edit>& edits) {
    const auto within = [](const std::vector<std::pair<size_t, size_t>>& ranges, size_t at) {
        const auto next = std::upper_bound(ranges.begin(), ranges.end(), std::pair(at, SIZE_MAX));
        return next != ranges.begin() && at < std::prev(next)->second;
    };
    const Level& here = level();
    std::vector<NamedCell> cells;
    find_json_pairs(
        view.text,
        [&](const NamedPair& pair) {
            check_stop(cells.size());
            if (within(here.broken, pair.begin - 1) && !within(here.documents, pair.begin))
                cells.push_back({pair.begin, pair.end, pair.subject, pair.doubt, pair.name, pair.custom});
            return true;
        },
        ruled_names());
    collect_cells(view, cells, edits);
}

namespace {

// Whether bytes are text: UTF-8 with no control characters but blanks.
bool is_text(std::string_view bytes) {
    for (size_t i = 0; (i = end_of_printable(bytes, i)) < bytes.size();) {
        char32_t code;
        const size_t length = utf8::decode(bytes, i, code);
        if (code == utf8::kReplacement || (code < 0x20 && !is_space(bytes[i])) || code == 0x7F) return false;
        i += length;
    }
    return !bytes.empty();
}

// Whether they are text in some character set of one byte each, or UTF-8 with some control characters.
bool is_loose_text(std::string_view bytes) {
    constexpr size_t kFirst = 64;  // of an image or an archive these are enough
    size_t odd = 0;
    for (size_t i = 0; i < bytes.size(); ++i) {
        odd += oddity(bytes[i]);
        if (i == kFirst && 2 * odd > kFirst) break;
    }
    return 2 * odd <= bytes.size();
}

// What the bytes 0x80 to 0x9F are in the character set of Windows; five of them are nothing.
constexpr std::array<char32_t, 32> kWindowsMarks = {
    0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021, 0x2C6,  0x2030, 0x160,
    0x2039, 0x152,  0x8D,   0x17D,  0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0x9D,   0x17E,  0x178};

// Latin-1, or Windows' extension of it, as UTF-8.
std::string from_latin(std::string_view bytes) {
    std::string text;
    for (char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        utf8::append(text, byte < 0x80 || byte >= 0xA0 ? byte : kWindowsMarks[byte - 0x80]);
    }
    return text;
}

std::string to_latin(std::string_view text) {
    std::string bytes;
    for (size_t i = 0; i < text.size();) {
        char32_t code;
        i += utf8::decode(text, i, code);
        const auto* mark = std::find(kWindowsMarks.begin(), kWindowsMarks.end(), code);
        bytes.push_back(static_cast<char>(
            code >= 0x80 && mark != kWindowsMarks.end() ? 0x80 + (mark - kWindowsMarks.begin()) : code));
    }
    return bytes;
}

}  // namespace

// Base64 from begin on, over the line breaks that MIME and PEM put into it.
struct Base64Run {
    size_t begin = 0, end = 0;
    std::string joined;  // empty when there was no line break
    size_t line = 0;     // characters of the first line
    std::string_view line_break;

    std::string_view bytes(std::string_view text) const {
        return joined.empty() ? text.substr(begin, end - begin) : std::string_view(joined);
    }
    // As the original was: broken into lines.
    std::string wrapped(const std::string& encoded) const {
        if (joined.empty()) return encoded;
        std::string out;
        for (size_t at = 0; at < encoded.size(); at += line) {
            if (at > 0) out += line_break;
            out += encoded.substr(at, line);
        }
        return out;
    }
};

namespace {

constexpr size_t kShortestRun = 12;  // of base64

// The bytes of the line break at a position; 0 for none.
size_t line_break_at(std::string_view text, size_t at) {
    if (at >= text.size()) return 0;
    if (text[at] == '\n') return 1;
    return text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n' ? 2 : 0;
}

Base64Run read_base64_run(std::string_view text, size_t begin) {
    constexpr size_t kShortestLine = 16;
    Base64Run run;
    run.begin = begin;
    size_t i = begin, line_begin = begin;
    while (true) {
        while (i < text.size() && is_base64_byte(text[i])) ++i;
        const size_t length = i - line_begin;
        const size_t gap = line_break_at(text, i);
        if (gap == 0 || length < kShortestLine || i + gap >= text.size() || !is_base64_byte(text[i + gap]))
            break;
        if (run.line == 0) {
            run.line = length;
            run.line_break = text.substr(i, gap);
        }
        run.joined += text.substr(line_begin, length);
        line_begin = i += gap;
    }
    for (int padding = 0; padding < 2 && i < text.size() && text[i] == '='; ++padding) ++i;
    if (run.line > 0) run.joined += text.substr(line_begin, i - line_begin);
    run.end = i;
    return run;
}

}  // namespace

// Whether the run is base64 of text; if so, what is found in it is noted. What may be text only by chance is
// none if nothing is found in it.
bool Scrubber::collect_base64_run(const View& view, const Base64Run& run, const ValueContext& context,
                                  std::vector<Edit>& edits) {
    const std::string_view bytes = run.bytes(view.text);
    const std::string_view letters = bytes.substr(0, bytes.find('='));
    if (bytes.size() < kShortestRun || !begins_like_text(letters)) return false;
    const auto decoded = base64_decode(bytes);
    if (!decoded) return false;
    const bool sure = is_text(*decoded);
    if (!sure && (letters.size() < kShortestLooseText || !is_loose_text(*decoded))) return false;
    if (depth_ >= policy_.limits().depth || !spend(decoded->size())) {
        over_budget_ = true;
        return true;
    }
    const bool latin = !sure && !utf8::is_valid(*decoded);
    ValueContext inner = context;
    if (!sure) {  // a name fits what is no text, too
        inner.subject = Detector::kNone;
        inner.scan.named = {};
    }
    ++depth_;
    path_.enter_embedded();
    const Verdict verdict = finish(latin ? from_latin(*decoded) : *decoded, inner, false);
    path_.leave_embedded();
    --depth_;
    if (verdict == Verdict::kKeep || verdict == Verdict::kError) return sure;
    Edit edit{view.position(static_cast<uint32_t>(run.begin)), view.position(static_cast<uint32_t>(run.end)),
              Action::kRemove, std::string(kRemovedMark)};
    if (verdict == Verdict::kReplace) {
        const bool url =
            bytes.find('-') != std::string_view::npos || bytes.find('_') != std::string_view::npos;
        // As the run is written, not what stands around it.
        const bool percent =
            view.percent &&
            view.original_of(static_cast<uint32_t>(run.begin), static_cast<uint32_t>(run.end)).find('%') !=
                std::string_view::npos;
        const auto alphabet = url ? Base64Alphabet::kUrl : Base64Alphabet::kStandard;
        const std::string left = latin ? to_latin(replacement_) : std::move(replacement_);
        edit.text = encode_for(run.wrapped(base64_encode(left, alphabet, bytes.back() == '=')), percent,
                               view.backslash);
    }
    edits.push_back(std::move(edit));
    return true;
}

// True when the whole text is base64, of one document.
bool Scrubber::collect_base64(const View& view, const ValueContext& context, std::vector<Edit>& edits) {
    const std::string_view text = view.text;
    for (size_t i = 0; !over_budget_;) {
        const size_t begin = find_base64_run(text, i);
        if (begin == std::string_view::npos) break;
        const Base64Run run = read_base64_run(text, begin);
        i = run.end;
        if (run.end - run.begin < kShortestRun) continue;
        if (collect_base64_run(view, run, context, edits)) {
            if (run.end - run.begin == text.size()) return true;
            continue;
        }
        // Not as a whole: then each line, and each step of a path, for itself.
        const std::string_view all = text.substr(run.begin, run.end - run.begin);
        if (all.find('/') == std::string_view::npos && all.find('\n') == std::string_view::npos) continue;
        for (size_t from = 0; from < all.size() && !over_budget_;) {
            size_t to = from;
            while (to < all.size() && all[to] != '/' && all[to] != '\r' && all[to] != '\n') ++to;
            Base64Run part;
            part.begin = run.begin + from;
            part.end = run.begin + to;
            (void)collect_base64_run(view, part, context, edits);
            from = to + 1;
        }
    }
    return false;
}

namespace {

// A name that was replaced begins where its member does, which may go as a whole.
template <class Edit>
std::string apply_outermost(std::string_view text, std::vector<Edit> edits) {
    std::sort(edits.begin(), edits.end(), [](const Edit& a, const Edit& b) {
        return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
    });
    std::string result;
    uint32_t at = 0;
    for (const Edit& edit : edits) {
        if (edit.begin < at) {  // inside a member that goes
            at = std::max(at, edit.end);
            continue;
        }
        result += text.substr(at, edit.begin - at);
        result += edit.text;
        at = edit.end;
    }
    result += text.substr(at);
    return result;
}

}  // namespace

Verdict Scrubber::json_text(std::string_view text) noexcept {
    begin_document();
    try {
        if (!status_.ok()) return Verdict::kError;
        if (!valid_json(text)) return fail(Status::error(Code::kInvalid, "text is not JSON"));
        std::vector<Edit> edits;
        if (!edit_json(text, edits) || !status_.ok()) return Verdict::kError;
        if (edits.empty()) return Verdict::kKeep;
        replacement_ = apply_outermost(text, std::move(edits));
        return Verdict::kReplace;
    } catch (const std::exception&) {
        status_ = Status::out_of_memory();
        return Verdict::kError;
    }
}

}  // namespace gpsync::core::pii
