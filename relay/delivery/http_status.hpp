// What the status of an answer says, the same for every protocol; docs/endpoints.md has the table. What
// follows from it is the protocol's: a batch that is too large is split, one message that is too large is
// refused.
#pragma once

namespace gpsync::relay {

enum class StatusMeaning {
    success,        // 2xx
    content,        // 400, 409, 422: something that was sent is not accepted
    too_large,      // 413
    temporary,      // 408, 425, 429, 5xx, and what is no status of an answer
    misconfigured,  // any other 3xx or 4xx (401, 403, 404, 405, 410, 415, redirects)
};

// misconfigured: the set-up is wrong, not an event. Waiting for a human loses nothing, a dead letter for
// every event would.
constexpr StatusMeaning meaning_of_status(long status) {
    if (status >= 200 && status < 300) return StatusMeaning::success;
    switch (status) {
        case 400:
        case 409:
        case 422:
            return StatusMeaning::content;
        case 413:
            return StatusMeaning::too_large;
        case 408:
        case 425:
        case 429:
            return StatusMeaning::temporary;
        default:
            return status >= 300 && status < 500 ? StatusMeaning::misconfigured : StatusMeaning::temporary;
    }
}

}  // namespace gpsync::relay
