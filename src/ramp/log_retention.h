// How long decisions about ramps are kept.
#pragma once

namespace gpsync::ramp {

// The setting gpsync.ramp_log_retention, before anything reserves the prefix of settings.
void define_log_retention_setting();

}  // namespace gpsync::ramp
