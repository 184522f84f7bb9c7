// gpsync.ramp, as C++ reads it.
#pragma once

#include "pg/own_table.h"

namespace gpsync::pg {

inline constexpr OwnColumn kRampColumns[] = {{"ramp", TEXTOID}, {"width", INT4OID}};

inline constexpr OwnTable kRampTable{"ramp", kRampColumns};

}  // namespace gpsync::pg
