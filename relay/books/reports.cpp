#include "relay/books/reports.hpp"

#include "relay/observe/report.hpp"

namespace gpsync::relay {

int Reports::send(PGconn* connection) {
    due_ = false;
    const std::string report = make_();
    const char* values[] = {stream_.c_str(), report.c_str()};
    return PQsendQueryParams(connection, kReportStatement, 2, nullptr, values, nullptr, nullptr, 0);
}

void Reports::failed(const PgError& error) {
    log_failed_call("call of the extension failed", error);
}

}  // namespace gpsync::relay
