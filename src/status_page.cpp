// page_html(): the document of the status page as HTML.
#include "core/report/page.hpp"
#include "pg/text.h"
#include "pg/utf8.h"

namespace gpsync {

namespace {

// What cannot be converted is shown as it is: the page has a mark for a byte that is no character.
std::string page_of(std::string_view json) {
    using core::report::PageKind;
    if (pg::server_is_utf8()) return core::report::render_page(json, PageKind::file, std::nullopt);
    const std::string_view converted = pg::converted_to_utf8(json);
    return core::report::ascii_html(core::report::render_page(converted.data() != nullptr ? converted : json,
                                                              PageKind::file, std::nullopt));
}

}  // namespace

}  // namespace gpsync

// page_html(document text) -> text
GPSYNC_FUNCTION(gpsync_page_html) {
    return gpsync::pg::guarded([&]() -> Datum {
        const std::string_view json = gpsync::pg::text_view(PG_GETARG_DATUM(0));
        return gpsync::pg::make_text(gpsync::page_of(json));
    });
}
