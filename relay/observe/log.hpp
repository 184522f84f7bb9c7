// The log: one line of JSON for each record, with timestamp, level, service, message and the fields that
// matter. Never a secret, never a payload: that is up to whoever logs.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace gpsync::relay::log {

enum class Level { debug, info, warning, error };

struct Field {
    std::string_view name;
    std::variant<std::string_view, int64_t, double, bool> value;

    Field(std::string_view n, std::string_view v) : name(n), value(v) {}
    Field(std::string_view n, const std::string& v) : name(n), value(std::string_view(v)) {}
    Field(std::string_view n, const char* v) : name(n), value(std::string_view(v)) {}
    Field(std::string_view n, bool v) : name(n), value(v) {}
    Field(std::string_view n, double v) : name(n), value(v) {}
    template <typename T>
    requires std::is_integral_v<T> Field(std::string_view n, T v) : name(n), value(static_cast<int64_t>(v)) {}
};
using Fields = std::initializer_list<Field>;

struct Options {
    std::string file;        // empty: standard error
    std::string error_file;  // errors also go here; empty: nowhere
    Level level = Level::info;
};

// Throws std::runtime_error when a file cannot be opened. Before that, info and above go to standard error.
void open(const Options& options);
// Opens the files anew, for log rotation (SIGHUP); goes on with the old ones where that fails.
void reopen();
// A field every line has from now on, such as the stream.
void set_stream(std::string_view stream);

// debug, info, warning, error.
bool parse_level(std::string_view name, Level& level);

// Fields without text are left out.
void write(Level level, std::string_view message, Fields fields = {});
inline void debug(std::string_view message, Fields fields = {}) {
    write(Level::debug, message, fields);
}
inline void info(std::string_view message, Fields fields = {}) {
    write(Level::info, message, fields);
}
inline void warning(std::string_view message, Fields fields = {}) {
    write(Level::warning, message, fields);
}
inline void error(std::string_view message, Fields fields = {}) {
    write(Level::error, message, fields);
}

// One line as it is written, without the line end.
std::string format_line(int64_t time_us, Level level, std::string_view stream, std::string_view message,
                        Fields fields);

}  // namespace gpsync::relay::log
