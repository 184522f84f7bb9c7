#include "relay/books/reports.hpp"

#include "relay/observe/report.hpp"

namespace gpsync::relay {

int Reports::send(PGconn* connection) {
    due_ = false;
    const std::string report = make_();
    return send_call(connection, kReportStatement, {stream_.c_str(), report.c_str()});
}

void Reports::failed(const PgError& error) {
    log_failed_call("call of the extension failed", error);
}

}  // namespace gpsync::relay
