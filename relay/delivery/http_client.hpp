// HTTP requests on the event loop, over the connections of connection_pool.hpp.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "relay/delivery/channel.hpp"
#include "relay/delivery/connection_pool.hpp"
#include "relay/delivery/endpoint_config.hpp"
#include "relay/delivery/http_message.hpp"

namespace gpsync::relay {

// One request at a time to one endpoint. TLS verification is always on, redirects are never followed.
class HttpChannel : public Channel {
  public:
    HttpChannel(ConnectionPool& pool, const EndpointConfig& config);
    ~HttpChannel() override;
    HttpChannel(const HttpChannel&) = delete;
    HttpChannel& operator=(const HttpChannel&) = delete;

    void send(const HttpRequest& request, const std::string& bearer_token, size_t max_answer,
              Done done) override;
    void cancel() override;
    bool busy() const override { return busy_; }
    bool resolving() const override { return resolving_ != nullptr; }

  private:
    friend class ConnectionSet;
    struct FreeHeaders {
        void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    };
    // The list goes on with the fixed headers, which stay.
    struct FreeRequestHeaders {
        FreeRequestHeaders() : last(nullptr) {}
        explicit FreeRequestHeaders(curl_slist* last_header) : last(last_header) {}
        curl_slist* last;
        void operator()(curl_slist* list) const {
            last->next = nullptr;
            curl_slist_free_all(list);
        }
    };
    static size_t on_body(char* data, size_t size, size_t count, void* self);
    static size_t on_read(char* to, size_t size, size_t count, void* self);
    static int on_seek(void* self, curl_off_t offset, int origin);
    static size_t on_header(char* data, size_t size, size_t count, void* self);
    static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t);
    // The request's connection, as libcurl has it watched; known where no other request shares it (HTTP/1.1).
    void note_socket(curl_socket_t socket);
    void set_fixed_options(const EndpointConfig& config);
    void set_request(const HttpRequest& request, const std::string& bearer_token);
    void set_url(const std::string& url);
    void set_body(const HttpRequest& request);
    void set_headers(const std::vector<std::string>& headers, const std::string& bearer_token);
    void resolved(const Resolved& found);
    void start(std::chrono::milliseconds spent);
    void finished(CURLcode code);
    void decode_answer();
    std::vector<std::string> header_values(const std::string& name) const;
    void end();

    ConnectionPool& pool_;
    CURL* easy_;
    const std::string url_;
    std::string wanted_header_;
    std::string_view unread_;  // what libcurl has not read of a request that goes once
    size_t unread_at_start_ = 0;
    const std::chrono::milliseconds timeout_, connect_timeout_;
    bool busy_ = false;
    std::chrono::steady_clock::time_point begun_;
    std::unique_ptr<Resolver::Request> resolving_;
    std::shared_ptr<ConnectionSet> set_;  // of the request under way
    size_t max_answer_ = 0;
    size_t thrown_away_ = 0;   // bytes of the answer's body
    size_t header_bytes_ = 0;  // of the answer, those of interim answers (1xx) and trailers too
    size_t pieces_ = 0;        // of the body, as they came
    curl_socket_t socket_ = CURL_SOCKET_BAD;
    uint64_t received_before_ = 0;       // bytes that socket_ had received before this request
    const char* without_end_ = nullptr;  // what there is too much of
    HttpResult result_;
    // What libcurl has of the request before, and need not be set again.
    std::optional<std::string> set_url_;  // HttpRequest::url
    std::optional<HttpRequest::Method> set_method_;
    std::vector<std::string> set_headers_;  // HttpRequest::headers
    std::string set_token_;
    // Those that every request has; they stand behind headers_.
    std::unique_ptr<curl_slist, FreeHeaders> fixed_headers_;
    std::unique_ptr<curl_slist, FreeRequestHeaders> headers_;
    char error_[CURL_ERROR_SIZE] = {};
    Done done_;
};

}  // namespace gpsync::relay
