// What devices are called: after a model, or after whose they are.
#include <algorithm>
#include <array>

#include "core/pii/mapped_text.hpp"
#include "core/pii/names/given_names.hpp"
#include "core/pii/names/value_forms.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

// What Apple, Google and their rivals call devices that somebody has.
// clang-format off
constexpr std::array<std::string_view, 40> kDevices = {
    "iphone", "ipad", "ipod", "watch", "galaxy", "samsung", "pixel", "huawei", "xiaomi", "redmi",
    "oneplus", "moto", "motorola", "nokia", "xperia", "phone", "tablet", "macbook", "mac", "imac",
    "honor", "oppo", "vivo", "realme", "nexus", "htc", "zenfone", "surface", "smartphone", "handset",
    "wearable", "fitbit", "garmin", "poco", "fairphone", "laptop", "notebook", "thinkpad", "chromebook",
    "kindle"};
// The words around it; browsers, systems, hosts.
constexpr std::array<std::string_view, 108> kDeviceWords = {
    "bose", "jbl", "beats", "sonos", "airpods", "echo", "buds", "marshall", "sennheiser", "logitech", "le", "qc",
    "apple", "google", "sony", "lg", "pro", "max", "plus", "ultra", "mini", "air", "se", "note", "series",
    "gen", "edge", "fold", "flip", "my", "the", "new", "work", "test", "android", "device", "fe", "lite",
    "tab", "mobile", "asus", "lenovo", "book", "and", "generation", "nd", "rd", "th", "st", "g", "a", "s",
    "x", "xs", "xr", "z", "t", "c", "e", "unknown", "other", "nothing", "inch", "wifi", "cellular",
    "mein", "mon", "mi", "desktop", "windows", "emulator", "simulator", "sdk", "fire", "chrome",
    "chromium", "firefox", "safari", "opera", "browser", "on", "linux", "ubuntu", "debian", "macos",
    "ios", "ipados", "ip", "terminal", "pinpad", "kiosk", "printer", "scanner", "server", "host", "node",
    "web", "srv", "db", "vm", "ingenico", "verifone", "sunmi", "castles", "worldline", "bbpos", "sumup",
    "wisepos"};
// clang-format on

// Of terminals: what stands between such a word and a number is a series ("Ingenico Lane 3000").
constexpr std::array<std::string_view, 8> kTerminalMakers = {"ingenico",  "verifone", "sunmi", "castles",
                                                             "worldline", "bbpos",    "sumup", "pax"};

// "SM-G991B", "POS-12": up to three capitals, '-', and a word with digits.
bool is_code_of_model(std::string_view text, size_t begin, size_t end) {
    constexpr size_t kMostLetters = 3;
    const bool first = begin == 0 || is_space(text[begin - 1]);
    if (!first || end - begin > kMostLetters || end >= text.size() || text[end] != '-') return false;
    if (shape_of(text.substr(begin, end - begin)).upper != end - begin) return false;
    size_t behind = end + 1;
    while (behind < text.size() && is_word(text[behind])) ++behind;
    return std::any_of(text.begin() + static_cast<ptrdiff_t>(end),
                       text.begin() + static_cast<ptrdiff_t>(behind), is_digit);
}

// The word behind a maker of terminals and in front of a number.
bool is_series(std::string_view text, size_t begin, size_t end) {
    const std::string_view front = text.substr(0, begin);
    const std::string_view maker = front.substr(0, word_end(front, 0));
    return maker.size() + 1 == begin && is_one_of(maker, kTerminalMakers) && end + 1 < text.size() &&
           (text[end] == ' ' || text[end] == '/') && is_digit(text[end + 1]);
}

}  // namespace

bool names_an_owner(std::string_view text) {
    const auto letter = [](char c) { return is_letter(c) || c == kUnspacedLetter; };
    for (size_t i = 0; i < text.size();) {
        if (!letter(text[i])) {
            ++i;
            continue;
        }
        const size_t start = i;
        const bool unspaced = text[i] == kUnspacedLetter;
        while (i < text.size() && letter(text[i]) && (text[i] == kUnspacedLetter) == unspaced) ++i;
        if (unspaced) return true;
        const std::string_view word = text.substr(start, i - start);
        const bool model = (start > 0 && is_digit(text[start - 1])) || (i < text.size() && is_digit(text[i]));
        if (!model && !is_one_of(word, kDevices) && !is_one_of(word, kDeviceWords) &&
            !is_code_of_model(text, start, i) && !is_series(text, start, i))
            return true;
    }
    return false;
}

namespace {

// "Anna's", whatever the apostrophe has become.
bool is_genitive(std::string_view text, size_t mark) {
    return mark > 0 && is_letter(text[mark - 1]) && !is_word(text[mark]) && !is_space(text[mark]) &&
           mark + 1 < text.size() && text[mark + 1] == 's' &&
           (mark + 2 == text.size() || !is_word(text[mark + 2]));
}

bool has_word_of_a_device(std::string_view text) {
    for (size_t begin = 0; begin < text.size();) {
        const size_t end = word_end(text, begin);
        if (is_one_of(text.substr(begin, end - begin), kDevices)) return true;
        begin = end + 1;
    }
    return false;
}

}  // namespace

bool may_be_owned(std::string_view text) {
    for (size_t i = 0; i < text.size(); ++i)
        if ((text[i] & 0x80) != 0 || text[i] == kUnspacedLetter || is_genitive(text, i)) return true;
    return has_word_of_a_device(text);
}

namespace {

// "Tyrones-MacBook-Air": as systems that allow no apostrophe have it.
bool begins_with_genitive(std::string_view text) {
    constexpr size_t kShortest = 4;
    const size_t end = text.find_first_of(" -");
    return end != std::string_view::npos && end >= kShortest && text[end - 1] == 's' &&
           has_given_name(text.substr(0, end - 1));
}

// "iPhone von Ida", "iPad de Marie": a device, a word for whose it is, a given name.
bool ends_with_owner(std::string_view text) {
    constexpr std::string_view kOf[] = {"af", "av", "d",  "da", "de",  "di",
                                        "do", "du", "od", "of", "van", "von"};
    const size_t device = text.find(' ');
    if (device == std::string_view::npos || !has_word_of_a_device(text.substr(0, device))) return false;
    for (size_t begin = device + 1; begin < text.size();) {
        const size_t end = std::min(text.find_first_of(" '", begin), text.size());
        const std::string_view word = text.substr(begin, end - begin);
        begin = end + 1;
        if (std::find(std::begin(kOf), std::end(kOf), word) != std::end(kOf) && begin < text.size())
            return (class_of(text[begin]) & (kUpper | kOtherLetter)) != 0 &&
                   has_given_name(text.substr(begin));
    }
    return false;
}

}  // namespace

bool is_device_of_somebody(std::string_view text) {
    constexpr size_t kLongest = 60;
    if (text.size() > kLongest) return false;
    size_t mark = 1;
    while (mark < text.size() && !is_genitive(text, mark)) ++mark;
    if (mark < text.size()) return has_word_of_a_device(text.substr(mark + 2));
    return has_word_of_a_device(text) && (begins_with_genitive(text) || ends_with_owner(text));
}

}  // namespace gpsync::core::pii
