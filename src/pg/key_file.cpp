#include "pg/key_file.h"

#include "core/pii/crypto.hpp"

#include <sys/stat.h>

GPSYNC_SERVER_HEADERS_BEGIN
#include "storage/fd.h"
#include "utils/guc.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

namespace {

constexpr const char* kSetting = "gpsync.key_file";
constexpr off_t kLargestFile = 1024 * 1024;

[[noreturn]] void refuse_file(const char* name, const char* what) {
    ereport(ERROR, (errcode(ERRCODE_CONFIG_FILE_ERROR), errmsg("key file \"%s\" %s", name, what),
                    errhint("It must be a file of the server's user that nobody else can read or write (mode "
                            "0600, or 0640 for a group of its own).")));
}

// The file's bytes, palloc'd; length is set.
char* read_file(const char* name, size_t* length) {
    FILE* file = AllocateFile(name, "r");
    if (file == nullptr)
        ereport(ERROR, (errcode_for_file_access(), errmsg("could not open key file \"%s\": %m", name)));
    struct stat status;
    if (fstat(fileno(file), &status) != 0)
        ereport(ERROR, (errcode_for_file_access(), errmsg("could not stat key file \"%s\": %m", name)));
    if (!S_ISREG(status.st_mode)) refuse_file(name, "is not a regular file");
    if ((status.st_mode & (S_IWGRP | S_IXGRP | S_IRWXO)) != 0) refuse_file(name, "has group or world access");
    if (status.st_size > kLargestFile) refuse_file(name, "is too large");
    char* bytes = static_cast<char*>(palloc(static_cast<size_t>(status.st_size) + 1));
    *length = fread(bytes, 1, static_cast<size_t>(status.st_size), file);
    const bool failed = ferror(file) != 0;
    FreeFile(file);
    if (failed)
        ereport(ERROR, (errcode_for_file_access(), errmsg("could not read key file \"%s\": %m", name)));
    return bytes;
}

}  // namespace

void define_key_file_setting() {
    // Its value is read by name, since the other library may be the one that holds it.
    static char* unused = nullptr;
    const char* defined = GetConfigOption(kSetting, true, false);
    if (defined != nullptr && (GetConfigOptionFlags(kSetting, true) & GUC_CUSTOM_PLACEHOLDER) == 0) return;
    DefineCustomStringVariable(kSetting, "File with the keys for encryption, hashes and tokens.", nullptr,
                               &unused, "", PGC_SIGHUP, GUC_SUPERUSER_ONLY, nullptr, nullptr, nullptr);
}

const char* key_file_name() {
    const char* name = GetConfigOption(kSetting, true, false);
    return name != nullptr ? name : "";
}

void read_key_file(const char* name, core::pii::KeyRing& ring) {
    size_t length = 0;
    char* bytes = nullptr;
    server_call([&] { bytes = read_file(name, &length); });
    core::pii::Status status = core::pii::KeyRing::parse({bytes, length}, ring);
    core::pii::wipe(bytes, length);
    server_call([&] { pfree(bytes); });
    if (status.ok()) return;
    Error error = error_of(status);
    error.message_ = "key file \"" + std::string(name) + "\": " + error.message_;
    if (!status.position.empty()) error.message_ += " (" + status.position + ")";
    throw error;
}

Sqlstate sqlstate_of(core::pii::Code code) {
    switch (code) {
        case core::pii::Code::kInvalid:
        case core::pii::Code::kCorrupt:
            return Sqlstate::kInvalidParameter;
        case core::pii::Code::kUnknownName:
            return Sqlstate::kUndefinedObject;
        case core::pii::Code::kMissingKey:
            return Sqlstate::kNotInPrerequisiteState;
        case core::pii::Code::kOutOfMemory:
            return Sqlstate::kOutOfMemory;
        default:
            return Sqlstate::kInternal;
    }
}

Error error_of(const core::pii::Status& status) {
    Error error(sqlstate_of(status.code), status.message.empty() ? "out of memory" : status.message);
    error.detail(status.detail);
    error.hint(status.hint);
    return error;
}

}  // namespace gpsync::pg
