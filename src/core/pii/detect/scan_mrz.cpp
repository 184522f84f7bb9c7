// The machine-readable zone of passports, visas and identity cards (ICAO Doc 9303, parts 4 to 6): two lines
// of 44 (TD3) or 36 characters (TD2), three of 30 (TD1), below each other or joined.
#include <algorithm>
#include <array>

#include "core/pii/detect/scan.hpp"

namespace gpsync::core::pii {

namespace {

bool zone_byte(char c) {
    return (class_of(c) & (kDigit | kUpper)) != 0 || c == '<';
}

bool is_code(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (class_of(c) & kUpper) != 0 || c == '<'; });
}

// Weights 7 3 1; '<' counts 0 and a letter 10 to 35.
bool checked(std::string_view field, char check) {
    constexpr int kWeights[3] = {7, 3, 1};
    int sum = 0;
    for (size_t i = 0; i < field.size(); ++i) {
        const char c = field[i];
        sum += (c == '<' ? 0 : is_digit(c) ? c - '0' : c - 'A' + 10) * kWeights[i % 3];
    }
    return check == '0' + sum % 10 || (check == '<' && sum == 0);
}

// Six digits of a date, some of which may be unknown, and their check digit.
bool dated(std::string_view field) {
    return std::all_of(field.begin(), field.begin() + 6, [](char c) { return is_digit(c) || c == '<'; }) &&
           checked(field.substr(0, 6), field[6]);
}

bool is_sex(char c) {
    return c == 'M' || c == 'F' || c == 'X' || c == '<';
}

// The line with the numbers: document and its check digit, nationality, birth, sex, expiry.
bool long_data_line(std::string_view line) {
    return line[0] != '<' && checked(line.substr(0, 9), line[9]) && is_code(line.substr(10, 3)) &&
           dated(line.substr(13)) && is_sex(line[20]) && dated(line.substr(21));
}

// Of an identity card: birth, sex, expiry, nationality …
bool card_data_line(std::string_view line) {
    return is_digit(line[0]) && dated(line) && is_sex(line[7]) && dated(line.substr(8)) &&
           is_code(line.substr(15, 3));
}
// … and above it the document.
bool card_number_line(std::string_view line) {
    return (line[0] == 'I' || line[0] == 'A' || line[0] == 'C') && is_code(line.substr(1, 4)) &&
           checked(line.substr(5, 9), line[14]) && line.find('<') != std::string_view::npos;
}

// The part of some lines, joined, that is such a zone; empty if none is. REQUIRES: lines of one length.
struct Range {
    size_t begin = 0, end = 0;
};

Range find_zone(std::string_view lines, size_t width) {
    const size_t count = lines.size() / width;
    for (size_t i = 0; i < count; ++i) {
        const std::string_view line = lines.substr(i * width, width);
        if (width > 30) {
            if (!long_data_line(line)) continue;
            const bool name_above = i > 0 && is_code(lines.substr((i - 1) * width, 5));
            return {i - (name_above ? 1 : 0), i + 1};
        }
        const bool above = i > 0 && card_number_line(lines.substr((i - 1) * width, width));
        if (card_data_line(line)) {
            const bool name_below = i + 1 < count && is_code(lines.substr((i + 1) * width, width));
            return {i - (above ? 1 : 0), i + (name_below ? 2 : 1)};
        }
        if (card_number_line(line) &&
            (i + 1 == count || !card_data_line(lines.substr((i + 1) * width, width))))
            return {i, i + 1};
    }
    return {};
}

// Up to three lines of one length, with little between them.
class Zone {
  public:
    explicit Zone(Scan& scan) : scan_(scan) {}

    void add(uint32_t begin, uint32_t end) {
        constexpr uint32_t kMostBetween = 4;  // "\r\n", also with escapes
        const uint32_t width = end - begin;
        if (count_ > 0 && (count_ == begins_.size() || width != width_ || begin - last_end() > kMostBetween))
            flush();
        if (width != 30 && width != 36 && width != 44) {
            for (const uint32_t joined : {44U, 36U, 30U})
                if (width == joined * (joined == 30 ? 3 : 2)) split(begin, joined, width / joined);
            return;
        }
        width_ = width;
        begins_[count_++] = begin;
    }

    void flush() {
        char lines[3 * 44];
        for (size_t i = 0; i < count_; ++i) scan_.text.copy(lines + i * width_, width_, begins_[i]);
        const Range zone = find_zone({lines, count_ * width_}, width_);
        if (zone.end > zone.begin)
            scan_.report(begins_[zone.begin], begins_[zone.end - 1] + width_, Detector::kPassport);
        count_ = 0;
    }

  private:
    uint32_t last_end() const { return begins_[count_ - 1] + width_; }

    void split(uint32_t begin, uint32_t width, uint32_t lines) {
        flush();
        width_ = width;
        for (uint32_t i = 0; i < lines; ++i) begins_[count_++] = begin + i * width;
        flush();
    }

    Scan& scan_;
    std::array<uint32_t, 3> begins_{};
    uint32_t width_ = 30;
    size_t count_ = 0;
};

}  // namespace

void scan_machine_readable_zones(Scan& scan) {
    constexpr uint32_t kShortest = 30;
    Zone zone(scan);
    const auto size = static_cast<uint32_t>(scan.text.size());
    for (uint32_t at = 0; at < size; ++at) {
        const uint32_t begin = at;
        while (at < size && zone_byte(scan.text[at])) ++at;
        if (at - begin >= kShortest) zone.add(begin, at);
    }
    zone.flush();
}

}  // namespace gpsync::core::pii
