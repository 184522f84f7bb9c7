// The status page: one HTML document that needs nothing else, and shows it in a browser that may load
// nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gpsync::core::report {

enum class PageKind : unsigned char {
    file,  // as report_html() gives it
    live,  // as the relay serves it: it asks /events whether there is something new
};

// json: the members of gpsync_internal.status_document() and status_details(), and "relay", which the relay
// adds. A document that lacks something, or is none, gives a page that lacks it. now_us: µs since 1970, to
// which times are compared; nothing: when the document was taken.
std::string render_page(std::string_view json, PageKind kind, std::optional<int64_t> now_us);

// The same page in ASCII, other characters as references: for a text that is not kept in UTF-8.
std::string ascii_html(std::string_view html);

// The Content-Security-Policy of a page, without what only a header can say.
std::string page_policy(PageKind kind);

}  // namespace gpsync::core::report
