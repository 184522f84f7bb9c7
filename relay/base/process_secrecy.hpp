// What others see of the process: it holds passwords and tokens.
#pragma once

namespace gpsync::relay {

// From here on there is no core file, and only the superuser may read the process's memory and environment.
void forbid_inspection();

// Overwrites the password of a connection string among the program's arguments, which ps shows. To be called
// when they have been read.
void hide_passwords(int argc, char** argv);

}  // namespace gpsync::relay
