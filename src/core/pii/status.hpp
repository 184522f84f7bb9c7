// How core's PII code reports an error: a value, never an exception. The server glue maps a code to a
// SQLSTATE.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace gpsync::core::pii {

enum class Code : uint8_t {
    kOk,
    kInvalid,      // a policy, key ring or argument that does not follow its grammar
    kUnknownName,  // an action, detector, policy or option that does not exist; hint has the nearest one
    kMissingKey,   // the key ring has no key for what was asked
    kCorrupt,      // an envelope or a token that is not authentic, or another context
    kOutOfMemory,
    kStopped,   // whoever waited gave up: see stop.hpp
    kInternal,  // OpenSSL refused something it never should
};

// message, detail, hint as in a PostgreSQL error; none of them ever holds a scanned value or a key.
struct [[nodiscard]] Status {
    Code code = Code::kOk;
    std::string message, detail, hint;
    std::string
        position;  // where in the input: a JSON path with, for a pattern, the part RE2 refused; "line 3"

    bool ok() const { return code == Code::kOk; }

    static Status error(Code code, std::string message, std::string detail = {}, std::string hint = {}) {
        return {code, std::move(message), std::move(detail), std::move(hint), {}};
    }
    static Status out_of_memory() { return {Code::kOutOfMemory, {}, {}, {}, {}}; }
    Status&& at(std::string where) && {
        position = std::move(where);
        return std::move(*this);
    }
};

}  // namespace gpsync::core::pii
