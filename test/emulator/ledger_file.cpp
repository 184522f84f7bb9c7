#include "ledger_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace gpsync::emulator {
namespace {

constexpr std::string_view kCountersStart = "counters ";

constexpr std::pair<const char*, uint64_t Counters::*> kCounters[] = {
    {"requests", &Counters::requests}, {"batches", &Counters::batches},
    {"accepted", &Counters::accepted}, {"duplicates", &Counters::duplicates},
    {"refused", &Counters::refused},   {"rejected", &Counters::rejected},
    {"faulted", &Counters::faulted},   {"largest_batch", &Counters::largest_batch},
};

const char* type_name(EventType type) {
    switch (type) {
        case EventType::Inserted:
            return "gpsync.row.inserted";
        case EventType::Updated:
            return "gpsync.row.updated";
        case EventType::Deleted:
            return "gpsync.row.deleted";
        case EventType::Topic:
            return "topic";
        case EventType::Truncated:
            break;
    }
    return "gpsync.table.truncated";
}

[[noreturn]] void fail(const std::string& what) {
    throw std::runtime_error(what + ": " + std::strerror(errno));
}

size_t file_size(int file) {
    struct stat status {};
    if (fstat(file, &status) != 0) fail("fstat");
    return static_cast<size_t>(status.st_size);
}

// A file's content for as long as this lives.
class Mapping {
  public:
    explicit Mapping(int file) : size_(file_size(file)) {
        if (size_ == 0) return;
        data_ = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0);
        if (data_ == MAP_FAILED) fail("mmap");
    }
    ~Mapping() {
        if (data_) munmap(data_, size_);
    }
    Mapping(const Mapping&) = delete;
    Mapping& operator=(const Mapping&) = delete;
    std::string_view text() const { return {static_cast<const char*>(data_), size_}; }

  private:
    size_t size_;
    void* data_ = nullptr;
};

}  // namespace

int open_ledger_file(const std::string& name) {
    const int file = open(name.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (file < 0) fail(name);
    const size_t whole = Mapping(file).text().rfind('\n') + 1;  // npos + 1 is 0
    if (whole != file_size(file) && ftruncate(file, static_cast<off_t>(whole)) != 0) fail(name);
    return file;
}

void write_all(int file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = write(file, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail("cannot write to the ledger");
        text.remove_prefix(static_cast<size_t>(written));
    }
}

void for_each_line(int file, const std::function<void(std::string_view)>& visit) {
    const Mapping mapping(file);
    for (std::string_view rest = mapping.text(); !rest.empty();) {
        const size_t end = std::min(rest.find('\n'), rest.size());
        visit(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
}

void append_event_line(std::string& out, std::string_view event) {
    const size_t start = out.size();
    out.append(event);
    // Between tokens JSON may have line ends, in strings it may not.
    std::replace(out.begin() + static_cast<std::ptrdiff_t>(start), out.end(), '\n', ' ');
    out += '\n';
}

void append_counters_line(std::string& out, const Counters& counters) {
    out += kCountersStart;
    for (const auto& [name, member] : kCounters) out.append(std::to_string(counters.*member)) += ' ';
    out += '\n';
}

bool read_counters(std::string_view line, Counters& counters) {
    if (!line.starts_with(kCountersStart)) return false;
    const char* at = line.data() + kCountersStart.size();
    const char* const end = line.data() + line.size();
    for (const auto& [name, member] : kCounters)
        at = std::min(std::from_chars(at, end, counters.*member).ptr + 1, end);
    return true;
}

void append_ledger_line(std::string& out, const LedgerLine& line) {
    const auto start = static_cast<std::ptrdiff_t>(out.size());
    char sequence[core::kSequenceLength];
    core::write_sequence(sequence, line.sequence);
    out += R"({"subject":)";
    append_json_string(out, line.subject);
    out.append(R"(,"type":")").append(type_name(line.type));
    out.append(R"(","sequence":")").append(sequence, sizeof sequence);
    out.append(R"(","deleted":)").append(line.deleted ? "true" : "false");
    out.append(R"(,"events":)").append(std::to_string(line.events));
    out += R"(,"data":{"schema":)";
    append_json_string(out, line.schema);
    out += R"(,"table":)";
    append_json_string(out, line.table);
    out.append(R"(,"key":)").append(line.key.empty() ? "{}" : line.key);
    if (line.revision) out.append(R"(,"revision":)").append(std::to_string(*line.revision));
    if (!line.deleted) out.append(R"(,"row":)").append(line.row);
    if (!line.unchanged.empty()) {
        out += R"(,"unchanged":[)";
        for (size_t i = 0; i < line.unchanged.size(); ++i) {
            if (i) out += ',';
            append_json_string(out, line.unchanged[i]);
        }
        out += ']';
    }
    out += "}}";
    // Raw objects may hold line ends between their tokens.
    std::replace(out.begin() + start, out.end(), '\n', ' ');
    out += '\n';
}

std::string stats_json(std::string_view name, const Counters& counters, uint64_t keys, uint64_t live,
                       uint64_t in_progress) {
    std::string out = R"({"name":)";
    append_json_string(out, name);
    for (const auto& [counter, member] : kCounters)
        out.append(",\"").append(counter).append("\":").append(std::to_string(counters.*member));
    out.append(R"(,"keys":)").append(std::to_string(keys));
    out.append(R"(,"live":)").append(std::to_string(live));
    out.append(R"(,"in_progress":)").append(std::to_string(in_progress)).append("}\n");
    return out;
}

void append_json_string(std::string& out, std::string_view text) {
    constexpr char kHex[] = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += {'\\', c};
        } else if (byte < 0x20) {
            out.append("\\u00") += {kHex[byte >> 4], kHex[byte & 15]};
        } else {
            out += c;
        }
    }
    out += '"';
}

}  // namespace gpsync::emulator
