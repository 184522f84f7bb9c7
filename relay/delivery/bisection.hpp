// The events at the front of a lane that came back from a batch, and in which pieces they go again: the
// search for the events that the endpoint does not take.
#pragma once

#include <cstddef>
#include <deque>

namespace gpsync::relay {

// One refused event among n is found with at most 2·log2(n) + 1 requests, the one that was refused included;
// n refused events with at most 2n - 1. A piece that is known to hold such an event, because its other half
// was taken, is halved before it is sent.
class Bisection {
  public:
    // Nothing came back.
    bool empty() const { return pieces_.empty(); }
    // How many events from the front the next batch may have. REQUIRES: !empty()
    size_t next() const;
    // How often they were sent, in larger batches. REQUIRES: !empty()
    int attempts() const { return pieces_.front().attempts; }
    // They fail for now, instead of being refused. REQUIRES: !empty()
    bool failing() const { return pieces_.front().failing; }

    // A batch took so many from the front. REQUIRES: 0 < events <= next()
    void take(size_t events);
    // What is wrong with the batch that the last one taken was a piece of lies in that piece.
    void found();

    // So many events come back to the front: one of them is not taken. failing: for now.
    void bisect(size_t events, int attempts, bool failing = false);
    // They are too many at once: they go again in two halves.
    void halve(size_t events, int attempts);
    // They are what is left of a batch, with which nothing is wrong.
    void resume(size_t events, int attempts);
    // They fail for now, all that was sent does: one of them goes ahead, to see whether anything is taken.
    void send_one_ahead(size_t events, int attempts);

  private:
    struct Piece {
        size_t events = 0;
        int attempts = 0;
        bool failing = false;
        bool suspicious = false;  // holds an event that is not taken
    };
    std::deque<Piece> pieces_;
};

}  // namespace gpsync::relay
