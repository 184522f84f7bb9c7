// Counts what code compiled with -fsanitize-coverage=trace-pc does: its basic blocks, and each byte that it
// has the C library look at. A loop over bytes takes at least one basic block a byte, so the steps are no
// fewer than the bytes read. The same on each run and each machine, other than time.
#pragma once

#include <cstdint>

namespace gpsync::test {

uint64_t steps();

}  // namespace gpsync::test
