#include "relay/delivery/bisection.hpp"

#include <algorithm>

namespace gpsync::relay {

size_t Bisection::next() const {
    const Piece& piece = pieces_.front();
    return piece.suspicious ? std::max<size_t>(piece.events / 2, 1) : piece.events;
}

void Bisection::take(size_t events) {
    Piece& piece = pieces_.front();
    piece.events -= events;
    if (piece.events == 0) pieces_.pop_front();
}

// Only the piece behind the batch was under suspicion because of it: the ones behind that are not.
void Bisection::found() {
    if (!pieces_.empty()) pieces_.front().suspicious = false;
}

void Bisection::bisect(size_t events, int attempts, bool failing) {
    found();
    pieces_.push_front({events, attempts, failing, true});
}

void Bisection::send_one_ahead(size_t events, int attempts) {
    found();
    pieces_.push_front({events - 1, attempts, true, false});
    pieces_.push_front({1, attempts, true, false});
}

void Bisection::resume(size_t events, int attempts) {
    found();
    pieces_.push_front({events, attempts, false, false});
}

void Bisection::halve(size_t events, int attempts) {
    pieces_.push_front({events - events / 2, attempts, false, false});
    if (events > 1) pieces_.push_front({events / 2, attempts, false, false});
}

}  // namespace gpsync::relay
