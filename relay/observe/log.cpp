#include "relay/observe/log.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "relay/base/clock.hpp"
#include "relay/base/text.hpp"

namespace gpsync::relay::log {

namespace {

constexpr size_t kMaxText = 8000;  // bytes of one message or field

struct Log {
    Options options;
    std::string stream;
    std::shared_ptr<spdlog::logger> all, errors;
};

std::shared_ptr<spdlog::logger> make_logger(const std::string& file) {
    spdlog::sink_ptr sink;
    if (file.empty())
        sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    else
        sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(file);
    auto logger = std::make_shared<spdlog::logger>("gpsync-relay", std::move(sink));
    logger->set_pattern("%v");
    logger->set_level(spdlog::level::trace);
    logger->flush_on(spdlog::level::trace);
    return logger;
}

Log& state() {
    static Log log{{}, {}, make_logger({}), nullptr};
    return log;
}

void open_files(const Options& options) {
    auto all = make_logger(options.file);
    auto errors = options.error_file.empty() ? nullptr : make_logger(options.error_file);
    Log& log = state();
    log.options = options;
    log.all = std::move(all);
    log.errors = std::move(errors);
}

std::string_view level_name(Level level) {
    switch (level) {
        case Level::debug:
            return "debug";
        case Level::info:
            return "info";
        case Level::warning:
            return "warning";
        case Level::error:
            break;
    }
    return "error";
}

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void put_text(Writer& writer, std::string_view text) {
    std::string clean = clean_text(text, kMaxText);
    writer.String(clean.data(), static_cast<rapidjson::SizeType>(clean.size()));
}

void put(Writer& writer, const Field& field) {
    if (const auto* text = std::get_if<std::string_view>(&field.value); text && text->empty()) return;
    put_text(writer, field.name);
    std::visit(
        [&](const auto& value) {
            using T = std::decay_t<decltype(value)>;
            if constexpr (std::is_same_v<T, std::string_view>)
                put_text(writer, value);
            else if constexpr (std::is_same_v<T, int64_t>)
                writer.Int64(value);
            else if constexpr (std::is_same_v<T, double>)
                writer.Double(value);
            else
                writer.Bool(value);
        },
        field.value);
}

}  // namespace

void open(const Options& options) {
    try {
        open_files(options);
    } catch (const spdlog::spdlog_ex& error) {
        throw std::runtime_error(error.what());
    }
}

void reopen() {
    try {
        open_files(state().options);
    } catch (const spdlog::spdlog_ex& failure) {
        error("could not open the log anew", {{"error", failure.what()}});
    }
}

void set_stream(std::string_view stream) {
    state().stream = stream;
}

bool parse_level(std::string_view name, Level& level) {
    for (Level candidate : {Level::debug, Level::info, Level::warning, Level::error}) {
        if (name != level_name(candidate)) continue;
        level = candidate;
        return true;
    }
    return false;
}

void write(Level level, std::string_view message, Fields fields) {
    Log& log = state();
    if (level < log.options.level) return;
    std::string line = format_line(now_us(), level, log.stream, message, fields);
    log.all->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
    if (level == Level::error && log.errors)
        log.errors->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
}

std::string format_line(int64_t time_us, Level level, std::string_view stream, std::string_view message,
                        Fields fields) {
    rapidjson::StringBuffer buffer;
    Writer writer(buffer);
    writer.StartObject();
    put(writer, {"timestamp", format_time(time_us)});
    put(writer, {"level", level_name(level)});
    put(writer, {"service", "migration-service"});
    put(writer, {"message", message});
    if (!stream.empty()) put(writer, {"stream", stream});
    for (const Field& field : fields) put(writer, field);
    writer.EndObject();
    return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace gpsync::relay::log
