#include "core/pii/names/regions.hpp"

#include <algorithm>
#include <string>

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
constexpr std::string_view kNames =
    "|alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida|georgia|hawaii|idaho|"
    "illinois|indiana|iowa|kansas|kentucky|louisiana|maine|maryland|massachusetts|michigan|minnesota|"
    "mississippi|"
    "missouri|montana|nebraska|nevada|new hampshire|new jersey|new mexico|new york|north carolina|north "
    "dakota|ohio|"
    "oklahoma|oregon|pennsylvania|rhode island|south carolina|south "
    "dakota|tennessee|texas|utah|vermont|virginia|"
    "washington|west virginia|wisconsin|wyoming|district of columbia|puerto rico|alberta|british "
    "columbia|manitoba|"
    "new brunswick|newfoundland and labrador|nova scotia|ontario|prince edward "
    "island|quebec|saskatchewan|yukon|"
    "nunavut|northwest territories|new south wales|queensland|south australia|tasmania|victoria|western "
    "australia|"
    "northern territory|maharashtra|karnataka|tamil nadu|telangana|kerala|gujarat|rajasthan|punjab|haryana|"
    "uttar pradesh|madhya pradesh|andhra pradesh|west bengal|bihar|odisha|assam|delhi|bavaria|bayern|hessen|"
    "nordrhein-westfalen|baden-württemberg|niedersachsen|sachsen|thüringen|brandenburg|schleswig-holstein|"
    "rheinland-pfalz|saarland|jalisco|nuevo león|yucatán|veracruz|puebla|sonora|chihuahua|são paulo|minas "
    "gerais|"
    "rio de janeiro|bahia|paraná|pernambuco|santa catarina|";
constexpr std::string_view kEnds[] = {"省",     "県",         "縣",   "府",     "東京都", "北海道",
                                      "自治区", "州",         "도",   "광역시", "특별시", "область",
                                      " край",  "республика", "प्रदेश", "राष्ट्र",  "จังหวัด"};

}  // namespace

bool is_region(std::string_view text) {
    constexpr size_t kShortest = 2, kLongestCode = 3, kLongest = 40;
    text = trim(text);
    if (text.size() < kShortest || text.size() > kLongest) return false;
    if (text.size() <= kLongestCode && class_of(text[0]) & kUpper)
        return kCodes.find(" " + std::string(text) + " ") != std::string_view::npos;
    std::string name(1, '|');
    for (const char c : text) name.push_back(to_lower(c));
    name.push_back('|');
    return kNames.find(name) != std::string_view::npos ||
           std::any_of(std::begin(kEnds), std::end(kEnds), [text](std::string_view end) {
               return text.size() > end.size() && text.ends_with(end);
           });
}

}  // namespace gpsync::core::pii
