#include "relay/delivery/ibm_mq.hpp"

#include <algorithm>

#include "core/ascii_case.hpp"
#include "core/crc32c.hpp"
#include "core/hex.hpp"
#include "core/percent_encoding.hpp"
#include "relay/base/json_text.hpp"
#include "relay/delivery/mq_answer.hpp"
#include "relay/delivery/payload.hpp"
#include "relay/source/event_parser.hpp"

namespace gpsync::relay {

namespace {

// Any value is accepted, and none is not.
constexpr const char* kCsrfHeader = "ibm-mq-rest-csrf-token: gpsync";
constexpr const char* kCorrelationHeader = "ibm-mq-md-correlationId";

enum class Step : uint8_t { login, browse, put };

Answer taken(long status) {
    Answer answer;
    answer.kind = AnswerKind::taken;
    answer.http_status = status;
    return answer;
}

class MqExchange : public Exchange {
  public:
    explicit MqExchange(std::shared_ptr<IbmMq::Shared> shared) : shared_(std::move(shared)) {}

    void load(std::span<Event* const> events) override;
    const HttpRequest& begin() override;
    std::optional<Answer> judge(const HttpResult& result, Secrets& secrets) override;
    const HttpRequest& next() override {
        return step_ == Step::login ? login_ : step_ == Step::put ? put_ : browse_;
    }
    void release() override { free_large(put_.body); }

  private:
    void prepare(Step step);
    void add_cookies(HttpRequest& request) const;
    bool log_in_again();
    std::optional<Answer> judge_login(const HttpResult& result, Secrets& secrets);
    std::optional<Answer> judge_browse(const HttpResult& result, Secrets& secrets);
    std::optional<Answer> judge_put(const HttpResult& result, Secrets& secrets);

    const std::shared_ptr<IbmMq::Shared> shared_;
    Event* event_ = nullptr;
    std::string correlation_id_;  // as the API writes it
    HttpRequest login_, browse_, put_;
    Step step_ = Step::put;
    uint64_t generation_ = 0;  // of the log-in that the present request uses
    bool logged_in_ = false;   // in the present attempt
};

void MqExchange::load(std::span<Event* const> events) {
    const MqConfig& config = shared_->config;
    event_ = events.front();
    correlation_id_ = (config.api == "v3" ? "ID:" : "") + mq_correlation_id(*event_, shared_->source_crc);
    put_.url = shared_->message_url;
    put_.once = true;
    put_.body = event_->json();
    browse_.method = HttpRequest::Method::get;
    core::HeapBuffer id;
    core::append_percent_encoded(id, correlation_id_);
    browse_.url = shared_->message_url + "?correlationId=" + std::string(id.view());
    browse_.wanted_header = kCorrelationHeader;
}

const HttpRequest& MqExchange::begin() {
    logged_in_ = false;
    const bool doubtful = shared_->config.topic.empty() && shared_->doubtful.contains(*event_);
    prepare(!shared_->config.username.empty() && shared_->login.cookies.empty() ? Step::login
            : doubtful                                                          ? Step::browse
                                                                                : Step::put);
    return next();
}

void MqExchange::prepare(Step step) {
    const MqConfig& config = shared_->config;
    step_ = step;
    generation_ = shared_->login.generation;
    switch (step) {
        case Step::login:
            login_.url = shared_->login_url;
            login_.headers = {"Content-Type: application/json", kCsrfHeader};
            login_.body = json_text([&](JsonWriter& writer) {
                writer.StartObject();
                relay::put(writer, "username", config.username);
                relay::put(writer, "password", config.password);
                writer.EndObject();
            });
            login_.wanted_header = "Set-Cookie";
            break;
        case Step::browse:
            browse_.headers = {kCsrfHeader};
            add_cookies(browse_);
            break;
        case Step::put:
            shared_->doubtful.add(*event_);
            put_.headers = {"Content-Type: application/json;charset=utf-8", kCsrfHeader,
                            std::string(kCorrelationHeader) + ": " + correlation_id_,
                            "ibm-mq-md-persistence: persistent"};
            if (config.expiry_ms > 0)
                put_.headers.push_back("ibm-mq-md-expiry: " + std::to_string(config.expiry_ms));
            add_cookies(put_);
            break;
    }
}

void MqExchange::add_cookies(HttpRequest& request) const {
    if (!shared_->login.cookies.empty()) request.headers.push_back("Cookie: " + shared_->login.cookies);
}

std::optional<Answer> MqExchange::judge(const HttpResult& result, Secrets& secrets) {
    switch (step_) {
        case Step::login:
            return judge_login(result, secrets);
        case Step::browse:
            return judge_browse(result, secrets);
        case Step::put:
            break;
    }
    return judge_put(result, secrets);
}

// A cookie expires. Another lane may have logged in meanwhile.
bool MqExchange::log_in_again() {
    if (shared_->config.username.empty() || logged_in_) return false;
    if (generation_ != shared_->login.generation && !shared_->login.cookies.empty()) {
        logged_in_ = true;
        prepare(step_);
        return true;
    }
    shared_->login.cookies.clear();
    prepare(Step::login);
    return true;
}

std::optional<Answer> MqExchange::judge_login(const HttpResult& result, Secrets& secrets) {
    std::string cookies;
    if (result.code == CURLE_OK && result.status >= 200 && result.status < 300)
        for (const std::string& header : result.wanted_headers) {
            const std::string cookie = header.substr(0, header.find(';'));
            const size_t equals = cookie.find('=');
            if (equals == std::string::npos || equals + 1 == cookie.size()) continue;
            secrets.add_issued(cookie.substr(equals + 1));
            cookies += (cookies.empty() ? "" : "; ") + cookie;
        }
    if (cookies.empty()) {
        Answer answer = judge_mq_error(result, read_mq_error(result.body), secrets);
        answer.error = "log-in: " + answer.error;
        if (answer.kind == AnswerKind::refused) answer.kind = AnswerKind::misconfigured;
        return answer;
    }
    shared_->login.cookies = std::move(cookies);
    ++shared_->login.generation;
    logged_in_ = true;
    const bool doubtful = shared_->config.topic.empty() && shared_->doubtful.contains(*event_);
    prepare(doubtful ? Step::browse : Step::put);
    return std::nullopt;
}

std::optional<Answer> MqExchange::judge_browse(const HttpResult& result, Secrets& secrets) {
    const bool answered = result.code == CURLE_OK;
    // The header shows that it is the queue that answers, and not a page of something in between.
    const bool there =
        answered && result.status == 200 && std::ranges::any_of(result.wanted_headers, [&](const auto& id) {
            return core::equals_ignoring_case(id, correlation_id_);
        });
    if (there) {
        shared_->doubtful.note_put(*event_);
        return taken(result.status);
    }
    if (answered && result.status == 401 && log_in_again()) return std::nullopt;
    const MqError error = answered ? read_mq_error(result.body) : MqError();
    if (answered && (result.status == 204 || error.reason == kMqCannotBrowse)) {
        prepare(Step::put);
        return std::nullopt;
    }
    Answer answer = judge_mq_error(result, error, secrets);
    answer.error = "browse: " + answer.error;
    // It says nothing of the message.
    if (answer.kind == AnswerKind::refused) answer.kind = AnswerKind::misconfigured;
    return answer;
}

std::optional<Answer> MqExchange::judge_put(const HttpResult& result, Secrets& secrets) {
    const bool answered = result.code == CURLE_OK;
    if (answered && result.status == 201) {
        shared_->doubtful.note_put(*event_);
        return taken(result.status);
    }
    const MqError error = answered ? read_mq_error(result.body) : MqError();
    if (is_surely_not_put(result, error)) shared_->doubtful.note_not_put(*event_);
    if (answered && result.status == 401 && log_in_again()) return std::nullopt;
    return judge_mq_error(result, error, secrets);
}

std::string encoded(const std::string& name, bool keep_slashes) {
    core::HeapBuffer out;
    for (size_t at = 0; at <= name.size();) {
        const size_t end = keep_slashes ? std::min(name.find('/', at), name.size()) : name.size();
        core::append_percent_encoded(out, std::string_view(name).substr(at, end - at), true);
        if (end < name.size()) out.append('/');
        at = end + 1;
    }
    return std::string(out.view());
}

}  // namespace

bool DoubtfulPuts::contains(const Event& event) const {
    return positions_.contains(event.position) ||
           (event.position.commit_lsn <= earlier_lsn_ && !not_put_.contains(event.position));
}

void DoubtfulPuts::add(const Event& event) {
    not_put_.erase(event.position);
    positions_.insert(event.position);
    if (positions_.size() <= kKept) return;
    earlier_lsn_ = std::max(earlier_lsn_, positions_.rbegin()->commit_lsn);
    positions_.clear();
    not_put_.clear();
}

void DoubtfulPuts::note_not_put(const Event& event) {
    positions_.erase(event.position);
    if (event.position.commit_lsn <= earlier_lsn_ && not_put_.size() < kKept) not_put_.insert(event.position);
}

IbmMq::IbmMq(const EndpointConfig& config) {
    const MqConfig& mq = config.mq;
    std::string base = config.url;
    while (base.ends_with('/')) base.pop_back();
    base += "/ibmmq/rest/" + mq.api;
    const bool topic = !mq.topic.empty();
    shared_ = std::make_shared<Shared>(Shared{
        mq,
        base + "/messaging/qmgr/" + encoded(mq.qmgr, false) +
            (topic ? "/topic/" + encoded(mq.topic, true) : "/queue/" + encoded(mq.queue, false)) + "/message",
        base + "/login", DoubtfulPuts(config.sent_before_lsn), MqLogin()});
}

BatchLimits IbmMq::limits(const BatchLimits& configured) const {
    BatchLimits limits = configured;
    limits.max_events = 1;
    return limits;
}

std::unique_ptr<Exchange> IbmMq::exchange() {
    return std::make_unique<MqExchange>(shared_);
}

std::string IbmMq::problem(Secrets& secrets) {
    if (!secrets_known_) secrets.add_password(shared_->config.username, shared_->config.password);
    secrets_known_ = true;
    return {};
}

uint32_t SourceCrc::of(const Event& event) {
    const std::string_view source = event_member(event.json(), "source");
    if (source != source_ || source_.empty()) {
        source_ = source;
        crc_ = core::crc32c(unescape_json(source));
    }
    return crc_;
}

std::string mq_correlation_id(const Event& event, SourceCrc& source_crc) {
    std::string digits;
    for (const char c : event_id(event))
        if (c != '-') digits += c;
    char crc[8];
    core::hex::put_number(crc, source_crc.of(event), 8, core::hex::kUpper);
    return digits.append(crc, sizeof crc);
}

}  // namespace gpsync::relay
