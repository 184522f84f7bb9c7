#include "relay/spool/held_state.hpp"

#include <stdexcept>

#include "relay/base/text.hpp"
#include "relay/postgres/pg_connection.hpp"

namespace gpsync::relay {

std::vector<HeldState> read_held(const PGresult* result) {
    std::vector<HeldState> all;
    for (int row = 0; row < PQntuples(result); ++row) {
        const auto number = [&](int column) { return parse_number(value(result, row, column)).value_or(-1); };
        const auto position = core::parse_sequence(value(result, row, 1));
        if (!position || number(4) < 0 || number(5) < 0 || number(6) < 0)
            throw std::runtime_error("the books have a held event that cannot be read");
        all.push_back({value(result, row, 0), *position, value(result, row, 2), value(result, row, 3),
                       static_cast<int>(number(4)), number(5), static_cast<size_t>(number(6))});
    }
    return all;
}

}  // namespace gpsync::relay
