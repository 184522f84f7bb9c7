// A relay's output, line by line, into the server log.
#pragma once

#include "pg/prelude.h"

namespace gpsync::supervisor {

// Cuts a byte stream into lines of bounded length. Of a longer line the beginning is kept, and marked.
class LineCutter {
  public:
    static constexpr size_t kLongest = 8192;

    // Calls line(std::string_view) for each line that is complete now.
    template <class Callback>
    void feed(std::string_view bytes, Callback&& line) {
        for (char byte : bytes) {
            if (byte == '\n') {
                flush(line);
            } else if (text_.size() < kLongest) {
                text_ += byte;
            } else {
                cut_ = true;
            }
        }
    }

    // The rest, when the stream has ended.
    template <class Callback>
    void flush(Callback&& line) {
        if (cut_) text_ += " [cut]";
        if (!text_.empty()) line(std::string_view(text_));
        text_.clear();
        cut_ = false;
    }

  private:
    std::string text_;
    bool cut_ = false;
};

// One line into the server log, at the level that the line says it has ("level":"warning", say), else LOG.
void log_relay_line(const std::string& stream, std::string_view line);

}  // namespace gpsync::supervisor
