#include "core/pii/names/regions.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_set>

#include "core/pii/names/name_folding.hpp"
#include "core/pii/names/vocabulary_regions.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

// Each with a blank around it.
constexpr std::string_view kCodes =
    " AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC "
    "ND OH "
    "OK OR PA PR RI SC SD TN TX UT VT VA WA WV WI WY GU VI AB BC MB NB NL NS NT NU ON PE QC SK YT ACT NSW "
    "QLD TAS "
    "VIC MH KA TG UP WB GJ RJ HR PB KL BR JH AP RJ SP RS ES BA CE DF GO MT PB PI RN RO RR SE TO AC AM MG "
    "CDMX JAL ";
constexpr std::string_view kEnds[] = {"省",     "県",         "縣",   "府",     "東京都", "北海道",
                                      "自治区", "州",         "도",   "광역시", "특별시", "область",
                                      " край",  "республика", "प्रदेश", "राष्ट्र",  "จังหวัด"};

class Regions {
  public:
    Regions() {
        for (std::string_view rest = vocabulary::kRegions.substr(1); !rest.empty();) {
            const size_t end = rest.find('|');
            names_.insert(rest.substr(0, end));
            rest.remove_prefix(end + 1);
            if (rest.starts_with('|')) rest.remove_prefix(1);
        }
    }
    bool has(std::string_view lower) const { return names_.contains(lower); }

  private:
    std::unordered_set<std::string_view> names_;
};

// In any case, with or without accents.
bool is_name_of_region(std::string_view text) {
    static const Regions kRegions;
    constexpr size_t kLongest = 40;
    std::array<char, 2 * kLongest> folded;
    const size_t size = fold_name(text, folded);
    std::transform(folded.begin(), folded.begin() + static_cast<std::ptrdiff_t>(size), folded.begin(),
                   to_lower);
    return kRegions.has({folded.data(), size});
}

}  // namespace

bool is_region(std::string_view text) {
    constexpr size_t kShortest = 2, kLongestCode = 3, kLongest = 40;
    text = trim(text);
    if (text.size() < kShortest || text.size() > kLongest) return false;
    if (text.size() <= kLongestCode && class_of(text[0]) & kUpper)
        return kCodes.find(" " + std::string(text) + " ") != std::string_view::npos;
    return is_name_of_region(text) ||
           std::any_of(std::begin(kEnds), std::end(kEnds), [text](std::string_view end) {
               return text.size() > end.size() && text.ends_with(end);
           });
}

}  // namespace gpsync::core::pii
