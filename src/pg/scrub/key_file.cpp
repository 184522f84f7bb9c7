#include "pg/scrub/key_file.h"

#include "core/pii/protect/crypto.hpp"
#include "core/pii/stop.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

GPSYNC_SERVER_HEADERS_BEGIN
#include "storage/fd.h"
#include "utils/guc.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

namespace {

constexpr const char* kSetting = "gpsync.key_file";
constexpr off_t kLargestFile = 1024 * 1024;

constexpr const char* kClosedFileHint =
    "It must be a file of the server's user, or of root, that nobody else can read or write (mode 0600, or "
    "0640 for a "
    "group of its own).";

// What reading the file came to. Plain memory: the caller reports what fails, once the file is closed.
struct FileContent {
    const char* problem;  // null: none
    const char* hint;
    int error_number;  // of a call that failed
    char* bytes;       // palloc'd
    size_t length;
};

FileContent failed(const char* problem) {
    return {problem, kClosedFileHint, errno, nullptr, 0};
}

FileContent refused(const char* problem) {
    return {problem, kClosedFileHint, 0, nullptr, 0};
}

const char* problem_of(const struct stat& status) {
    if (!S_ISREG(status.st_mode)) return "is not a regular file";
    if (status.st_uid != geteuid() && status.st_uid != 0) return "belongs to another user";
    if ((status.st_mode & (S_IWGRP | S_IXGRP | S_IRWXO)) != 0) return "has group or world access";
    if (status.st_size > kLargestFile) return "is too large";
    return nullptr;
}

FileContent read_open_file(FILE* file) {
    struct stat status;
    if (fstat(fileno(file), &status) != 0) return failed("could not be examined");
    if (const char* problem = problem_of(status)) return refused(problem);
    FileContent content{};
    content.bytes = static_cast<char*>(palloc(static_cast<size_t>(status.st_size) + 1));
    content.length = fread(content.bytes, 1, static_cast<size_t>(status.st_size), file);
    return ferror(file) != 0 ? failed("could not be read") : content;
}

FileContent read_file(const char* name) {
    struct stat status;
    // Before it is opened, since opening a pipe waits for its writer.
    if (stat(name, &status) != 0) return failed("could not be opened");
    if (!S_ISREG(status.st_mode)) return refused(problem_of(status));
    FILE* file = AllocateFile(name, "r");
    if (file == nullptr) return failed("could not be opened");
    const FileContent content = read_open_file(file);
    FreeFile(file);
    return content;
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

KeyFileProblem try_key_file(const char* name, core::pii::KeyRing& ring) {
    FileContent content{};
    server_call([&] { content = read_file(name); });
    if (content.problem != nullptr) {
        std::string message = content.problem;
        if (content.error_number != 0) message += std::string(": ") + strerror(content.error_number);
        return {message, content.hint};
    }
    const core::pii::Status status = core::pii::KeyRing::parse({content.bytes, content.length}, ring);
    core::pii::wipe(content.bytes, content.length);
    server_call([&] { pfree(content.bytes); });
    if (status.ok()) return {};
    const std::string message = status.message.empty() ? "out of memory" : status.message;
    const std::string position = status.position.empty() ? "" : " (" + status.position + ")";
    return {"cannot be used: " + message + position, status.hint.empty() ? status.detail : status.hint};
}

void read_key_file(const char* name, core::pii::KeyRing& ring) {
    const KeyFileProblem problem = try_key_file(name, ring);
    if (problem.message.empty()) return;
    throw Error(Sqlstate::kConfigFile, "key file \"" + std::string(name) + "\" " + problem.message)
        .hint(problem.hint);
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

namespace {

bool wait_is_over() noexcept {
    return InterruptPending && (ProcDiePending || (QueryCancelPending && QueryCancelHoldoffCount == 0)) &&
           InterruptHoldoffCount == 0 && CritSectionCount == 0;
}

}  // namespace

void let_scrubbing_stop() {
    core::pii::stop_question() = wait_is_over;
}

void raise_stopped() {
    CHECK_FOR_INTERRUPTS();
    ereport(ERROR, (errcode(ERRCODE_QUERY_CANCELED), errmsg("canceling statement due to user request")));
    pg_unreachable();
}

Error error_of(const core::pii::Status& status) {
    if (status.code == core::pii::Code::kStopped) server_call([] { raise_stopped(); });
    Error error(sqlstate_of(status.code), status.message.empty() ? "out of memory" : status.message);
    error.detail(status.detail);
    error.hint(status.hint);
    return error;
}

}  // namespace gpsync::pg
