#include "core/pii/timestamp.hpp"

#include <bit>
#include <cstdint>
#include <cstring>

#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

// A form of eight bytes, as has_form() has it, for all of them at once.
class EightBytes {
  public:
    constexpr explicit EightBytes(const char (&form)[9]) {
        for (size_t i = 0; i < 8; ++i) {
            const uint64_t byte = uint64_t{0xFF} << 8 * i;
            if (form[i] == '0')
                digits_ |= byte;
            else
                marks_ |= byte & static_cast<unsigned char>(form[i]) * 0x0101010101010101u;
        }
    }
    bool fits(const char* at) const {
        uint64_t bytes = 0;
        if constexpr (std::endian::native == std::endian::little)
            std::memcpy(&bytes, at, 8);
        else
            for (size_t i = 0; i < 8; ++i) bytes |= uint64_t{static_cast<unsigned char>(at[i])} << 8 * i;
        constexpr uint64_t kHigh = 0xF0F0F0F0F0F0F0F0u, kZeros = 0x3030303030303030u,
                           kSixes = 0x0606060606060606u;
        if ((bytes & ~digits_) != marks_) return false;
        // A digit has 3 in its upper half, also with six added: no carry goes from one to the next.
        return (((bytes & kHigh) ^ kZeros) & digits_) == 0 &&
               ((((bytes & digits_) + (kSixes & digits_)) ^ kZeros) & kHigh & digits_) == 0;
    }

  private:
    uint64_t digits_ = 0, marks_ = 0;
};

constexpr EightBytes kYearMonth("0000-00-"), kMonthDay("00-00-00"), kTimeOfDay("00:00:00");

}  // namespace

bool has_form(std::string_view text, size_t at, std::string_view form) {
    if (text.size() < at + form.size()) return false;
    for (size_t i = 0; i < form.size(); ++i)
        if (form[i] == '0' ? !is_digit(text[at + i]) : text[at + i] != form[i]) return false;
    return true;
}

bool is_date(std::string_view text) {
    constexpr std::string_view kDate = "0000-00-00";
    return text.size() == kDate.size() && has_form(text, 0, kDate);
}

size_t end_of_timestamp(std::string_view text, size_t begin) {
    constexpr size_t kDate = 10, kTime = 8;
    if (text.size() - begin < kDate + 1 + kTime || text[begin + 4] != '-') return 0;
    const auto two = [text, begin](size_t at) {
        return 10 * (text[begin + at] - '0') + (text[begin + at + 1] - '0');
    };
    const char* at = text.data() + begin;
    if (!kYearMonth.fits(at) || !kMonthDay.fits(at + 2) || !kTimeOfDay.fits(at + kDate + 1)) return 0;
    if (text[begin + kDate] != 'T' && text[begin + kDate] != ' ') return 0;
    const bool date = (two(0) == 19 || two(0) == 20) && two(5) <= 12 && two(8) <= 31;
    if (!date || two(11) > 24 || two(14) > 59 || two(17) > 60) return 0;
    size_t end = begin + kDate + 1 + kTime;
    if (has_form(text, end, ".0") || has_form(text, end, ",000"))
        for (++end; end < text.size() && is_digit(text[end]);) ++end;
    if (end < text.size() && text[end] == 'Z')
        ++end;
    else if (has_form(text, end, "+00:00") || has_form(text, end, "-00:00"))
        end += 6;
    return end < text.size() && is_word(text[end]) ? 0 : end;
}

bool is_time_of_day(std::string_view text) {
    constexpr std::string_view kSeconds = "00:00:00", kMinutes = "00:00";
    if (!has_form(text, 0, kMinutes)) return false;
    size_t end = has_form(text, 0, kSeconds) ? kSeconds.size() : kMinutes.size();
    if (has_form(text, end, ".0"))
        for (++end; end < text.size() && is_digit(text[end]);) ++end;
    for (std::string_view zone : {"Z", "+00", "-00", "+00:00", "-00:00", "+00:00:00", "-00:00:00"})
        if (text.size() - end == zone.size() && has_form(text, end, zone)) return true;
    return end == text.size();
}

bool is_compact_time(std::string_view text) {
    if (text.size() != 14 || !has_form(text, 0, "00000000000000") || !text.starts_with("20")) return false;
    const auto two = [text](size_t at) { return number_of(text.substr(at, 2)); };
    return two(4) >= 1 && two(4) <= 12 && two(6) >= 1 && two(6) <= 31 && two(8) < 24 && two(10) < 60 &&
           two(12) < 60;
}

}  // namespace gpsync::core::pii
