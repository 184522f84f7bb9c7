// Whether dead letters may go to their endpoints as they were, as far as the relay's own events say.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "relay/books/ledger.hpp"

namespace gpsync::relay {

// The books know what is booked, and have judged the letters by that. The ledger has the rest.
class LetterCheck {
  public:
    enum class Verdict : uint8_t {
        send,
        wait,        // an event of its key is on its way, or not booked yet: the books decide later
        superseded,  // its endpoint took a newer event of its key
    };

    // The event of a letter stays valid until compare_with() is done.
    void add(const Event& letter, uint16_t endpoint);
    // ledger: of what the stream sends; the endpoints of the letters get everything from there.
    void compare_with(Ledger& ledger);
    // Of the letter that was added at this index.
    Verdict operator[](size_t index) const { return letters_[index].verdict; }

  private:
    struct Letter {
        core::Position position;
        uint16_t endpoint;
        Verdict verdict;
    };
    void note(const Event& event, uint64_t hash, const Audience& left, bool refused);

    std::vector<Letter> letters_;
    std::unordered_multimap<uint64_t, size_t> by_key_;  // indexes into letters_
};

}  // namespace gpsync::relay
