// Whether whoever waits for the answer has given up. A document may take seconds, so it is asked now and
// then: for every object, array and text that is scanned, and within long texts. Core does not know what
// it runs under; that installs the question, once per process.
#pragma once

#include <cstddef>
#include <exception>

namespace gpsync::core::pii {

// Comes out of a Scrubber as Code::kStopped.
struct Stopped : std::exception {};

using StopQuestion = bool (*)() noexcept;

inline StopQuestion& stop_question() noexcept {
    static constinit StopQuestion question = nullptr;
    return question;
}

inline bool stop_wanted() noexcept {
    const StopQuestion asked = stop_question();
    return asked != nullptr && asked();
}

inline void check_stop() {
    if (stop_wanted()) [[unlikely]]
        throw Stopped();
}

// For the body of a loop with many short turns.
inline void check_stop(size_t turn) {
    constexpr size_t kTurns = 1024;
    if (turn % kTurns == 0) [[unlikely]]
        check_stop();
}

}  // namespace gpsync::core::pii
