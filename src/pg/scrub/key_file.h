// The setting gpsync.key_file, and the key ring in the file it names.
#pragma once

#include "core/pii/protect/key_ring.hpp"
#include "core/pii/status.hpp"
#include "pg/guard.h"

namespace gpsync::pg {

// Both gpsync.so and gpsync_decoder.so may be in a process, in either order: whichever comes first defines
// the setting. The decoder must, too: an undefined setting of a session could be set by whoever reads the
// stream. Raises server errors.
void define_key_file_setting();

// The name in the setting, "" when there is none. Raises server errors.
const char* key_file_name();

// Why a key file cannot be used, to be read behind its name, and what to do; message is empty when it can.
struct KeyFileProblem {
    std::string message, hint;
};

// Reads the file into ring, which stays as it was when there is a problem. No message holds any part of a
// key. REQUIRES: as read_key_file(). Throws only what has nothing to do with the file.
KeyFileProblem try_key_file(const char* name, core::pii::KeyRing& ring);

// Reads the file into ring. A file that cannot be read, that others may read or write, or that is no key ring
// is an error (throws Error F0000); its message holds no part of a key. REQUIRES: no object with a destructor
// but ring is alive in the caller's frames above guarded(), unless this is called under server_call().
void read_key_file(const char* name, core::pii::KeyRing& ring);

// The SQLSTATE of a status of core's.
Sqlstate sqlstate_of(core::pii::Code code);
// Installs the question core asks in long work, whether the query was cancelled: for this module.
void let_scrubbing_stop();
// The error for a status kStopped, as the server words it. Raises it.
[[noreturn]] void raise_stopped();
// The error for a status that is not ok; thrown at once when the query was cancelled.
Error error_of(const core::pii::Status& status);

}  // namespace gpsync::pg
