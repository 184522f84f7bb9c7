// One step of a job (migration/worker.h).
#pragma once

#include "pg/prelude.h"

namespace gpsync::migration {

struct StepAnswer {
    bool done;
    long wait_ms;  // 0: none
};

// Raises 22023 for a kind that is no identifier. The statement lives in the current memory context.
const char* step_statement(const char* kind);

// REQUIRES: SPI is connected, and nothing with a destructor alive.
StepAnswer run_step(const char* statement, const char* job);

}  // namespace gpsync::migration
