#include "relay/delivery/local.hpp"

#include <rapidjson/document.h>

#include <utility>

#include "core/backoff.hpp"
#include "relay/observe/log.hpp"
#include "relay/postgres/loop_session.hpp"

namespace gpsync::relay {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kKeepAgain{2000};
constexpr core::Backoff kRetry{milliseconds{500}, milliseconds{60000}};

std::string_view table_of(const Event& event) {
    const std::string_view line = event.line();
    if (!line.starts_with('@')) return "0";
    return line.substr(1, line.find('\t') - 1);
}

bool is_late(const Event& event) {
    return event.message->feed == kFromDeadLetters || event.message->feed == kFromHeld;
}

// The message where it can only be about the server's state: others may quote a value.
std::string problem_of(const PgError& error) {
    if (error.sqlstate.empty()) return error.what();
    std::string problem = "SQLSTATE " + error.sqlstate;
    for (const char* prefix : {"08", "25", "28", "3D", "53", "55", "57", "58"})
        if (error.in_class(prefix)) problem += std::string(": ") + error.what();
    return problem;
}

class LocalExchange : public Exchange {
  public:
    void load(std::span<Event* const> events) override {
        events_ = events;
        request_.body.clear();
        char separator = '[';
        for (const Event* event : events) {
            request_.body += separator;
            request_.body += '[';
            request_.body += table_of(*event);
            request_.body += is_late(*event) ? ",true," : ",false,";
            request_.body += event->json();
            request_.body += ']';
            separator = ',';
        }
        request_.body += ']';
    }
    const HttpRequest& begin() override { return request_; }
    const HttpRequest& next() override { return request_; }

    std::optional<Answer> judge(const HttpResult& result, Secrets&) override {
        Answer answer;
        answer.kind = AnswerKind::retryable;
        if (result.status == 200 && read_refused(result.body, answer)) return answer;
        answer.error = result.status == 200 ? "the extension's answer is not understood" : result.body;
        return answer;
    }

    void release() override {
        if (request_.body.capacity() > (size_t{1} << 20)) request_.body = std::string();
    }

  private:
    // {"refused": [{"n": 1, "error": "..."}]}, n counted from 1.
    bool read_refused(const std::string& body, Answer& answer) const {
        rapidjson::Document document;
        document.Parse(body.data(), body.size());
        if (!document.IsObject() || !document.HasMember("refused") || !document["refused"].IsArray())
            return false;
        answer.kind = AnswerKind::taken;
        for (const auto& item : document["refused"].GetArray()) {
            if (!item.IsObject() || !item.HasMember("n") || !item["n"].IsUint() || !item.HasMember("error") ||
                !item["error"].IsString() || item["n"].GetUint() == 0 || item["n"].GetUint() > events_.size())
                return false;
            answer.kind = AnswerKind::by_event;
            answer.results.resize(events_.size());
            Settlement& settlement = answer.results[item["n"].GetUint() - 1];
            settlement.kind = Settlement::refused;
            settlement.error = item["error"].GetString();
        }
        return true;
    }

    std::span<Event* const> events_;
    HttpRequest request_;
};

class LocalChannel : public Channel {
  public:
    LocalChannel(EventLoop& loop, const EndpointConfig& config, bool keeps)
        : stream_(config.local.stream),
          endpoint_(config.name),
          session_(loop, config.local.conninfo, config.local.at, config.timeout),
          again_(loop, [this] {
              keep_due_ = true;
              go_on();
          }) {
        if (keeps) again_.start(milliseconds{0});
    }

    void send(const HttpRequest& request, const std::string&, size_t, Done done) override {
        request_ = &request;
        done_ = std::move(done);
        go_on();
    }
    void cancel() override {
        if (posted_) session_.cancel();
        request_ = nullptr;
        done_ = nullptr;
        posted_ = false;
    }
    bool busy() const override { return done_ != nullptr; }
    // Behind a call of keep().
    bool resolving() const override { return busy() && (!posted_ || session_.unsent()); }

  private:
    void go_on() {
        if (session_.busy()) return;
        if (keep_due_)
            keep();
        else if (busy())
            post();
    }

    void post() {
        posted_ = true;
        session_.call("SELECT gpsync_internal.relay_apply_local($1, $2, $3::pg_catalog.jsonb)",
                      {stream_, endpoint_, request_->body},
                      [this](const PGresult* result, const PgError* error) { answered(result, error); });
    }

    void answered(const PGresult* result, const PgError* error) {
        posted_ = false;
        HttpResult http;
        http.status = error != nullptr ? 503 : 200;
        http.body = error != nullptr ? problem_of(*error) : value(result, 0, 0);
        request_ = nullptr;
        const Done done = std::exchange(done_, nullptr);
        done(http);
        go_on();
    }

    void keep() {
        keep_due_ = false;
        session_.call("SELECT gpsync_internal.relay_keep_local($1, $2)", {stream_, endpoint_},
                      [this](const PGresult* result, const PgError* error) { kept(result, error); });
    }

    void kept(const PGresult* result, const PgError* error) {
        const bool more = error == nullptr && value(result, 0, 0) == "t";
        if (error != nullptr)
            log::warning("history and analytics could not be maintained, will be tried again",
                         {{"endpoint", endpoint_}, {"error", problem_of(*error)}});
        failures_ = error != nullptr ? failures_ + 1 : 0;
        again_.start(error != nullptr ? kRetry.wait(failures_) : more ? milliseconds{0} : kKeepAgain);
        go_on();
    }

    const std::string stream_, endpoint_;
    const HttpRequest* request_ = nullptr;
    Done done_;
    bool posted_ = false;  // the session has the request, not a call of keep()
    bool keep_due_ = false;
    int failures_ = 0;
    LoopSession session_;
    Timer again_;
};

}  // namespace

std::unique_ptr<Exchange> Local::exchange() {
    return std::make_unique<LocalExchange>();
}

std::unique_ptr<Channel> make_local_channel(EventLoop& loop, const EndpointConfig& config, bool keeps) {
    return std::make_unique<LocalChannel>(loop, config, keeps);
}

}  // namespace gpsync::relay
