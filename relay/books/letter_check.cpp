#include "relay/books/letter_check.hpp"

namespace gpsync::relay {

void LetterCheck::add(const Event& letter, uint16_t endpoint) {
    // Nothing replaces an event of a topic, and its order is lost already.
    if (!letter.topic) by_key_.emplace(letter.key_hash, letters_.size());
    if (letter.scope == Scope::two_keys) by_key_.emplace(letter.old_key_hash, letters_.size());
    letters_.push_back({letter.position, endpoint, Verdict::send});
}

void LetterCheck::compare_with(Ledger& ledger) {
    ledger.for_each_behind({}, [this](const Event& event, const Audience& left, bool refused) {
        if (event.scope == Scope::all_keys) {
            for (Letter& letter : letters_)
                if (letter.verdict == Verdict::send) letter.verdict = Verdict::wait;
            return;
        }
        // A status event has the partitionkey of its row, and replaces no event of the row.
        if (event.topic) return;
        note(event, event.key_hash, left, refused);
        if (event.scope == Scope::two_keys) note(event, event.old_key_hash, left, refused);
    });
}

void LetterCheck::note(const Event& event, uint64_t hash, const Audience& left, bool refused) {
    const auto [first, last] = by_key_.equal_range(hash);
    for (auto found = first; found != last; ++found) {
        Letter& letter = letters_[found->second];
        const bool taken =
            !refused && ((left.pending | left.spooled | left.held) & only(letter.endpoint)) == 0;
        if (taken && event.position > letter.position)
            letter.verdict = Verdict::superseded;
        else if (letter.verdict == Verdict::send)
            letter.verdict = Verdict::wait;
    }
}

}  // namespace gpsync::relay
