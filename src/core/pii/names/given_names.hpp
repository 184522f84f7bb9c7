// Whether a text that may be a person's name has something of one in it: what decides under names that say
// nothing of whose a value is ({"counterpart": {"name": …}}).
#pragma once

#include <string_view>

namespace gpsync::core::pii {

// Any word of the text, which was not folded, is one of vocabulary_given_names.hpp or
// vocabulary_given_names_more.hpp.
bool has_given_name(std::string_view text);
// A title or initials in front of a name: "Mevr. A. Jansen", "Frau Schmidt", "J. R. Smith", "Smith, J." Not
// "Dr. Oetker": some titles are those of brands, too.
bool is_written_as_a_person(std::string_view text);

// "ramon_navarrete", "j.ann.lee7": how a user is called by a given name and another one, without a blank.
bool is_login_of_somebody(std::string_view text);

// The same under the role of somebody ("assignee"), where no given name is known.
bool is_login_as_of_a_mailbox(std::string_view text);

// A given name that is also a word, "Frank Pruitt", "Pruitt, Victoria": with a family name that is none.
bool has_doubtful_given_name(std::string_view text);
// The same where it is likely that the text is a name, also of those that are words above all: "Hope Pruitt".
bool has_word_for_given_name(std::string_view text);

inline bool names_somebody(std::string_view text) {
    return has_given_name(text) || is_written_as_a_person(text) || has_doubtful_given_name(text);
}

}  // namespace gpsync::core::pii
