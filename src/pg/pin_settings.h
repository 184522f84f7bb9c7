// The settings of our own background workers' sessions.
#pragma once

#include "core/session_settings.hpp"
#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "utils/guc.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

// Connecting has applied the settings of the database and the role, which are theirs to choose.
inline void pin_session_settings() {
    for (const core::SessionSetting& setting : core::kSessionSettings)
        SetConfigOption(setting.name, setting.value, PGC_USERSET, PGC_S_OVERRIDE);
}

}  // namespace gpsync::pg
