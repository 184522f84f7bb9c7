#include "core/pii/names/thing_words.hpp"

#include "core/pii/names/hashed_words.hpp"
#include "core/pii/names/vocabulary_thing_words.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

bool is_thing_word(std::string_view word) {
    static const HashedWords kWords = [] {
        HashedWords words(4096);
        words.add(vocabulary::kThingWords);
        return words;
    }();
    WordHash hash;
    for (const char c : word) hash.add(to_lower(c));
    return kWords.has(hash);
}

}  // namespace gpsync::core::pii
