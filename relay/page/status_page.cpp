#include "relay/page/status_page.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/report/page.hpp"
#include "relay/base/clock.hpp"

namespace gpsync::relay {

namespace {

using core::report::PageKind;
using std::chrono::milliseconds;

// Who asks first waits for the values so long, then gets what there is.
constexpr milliseconds kPatience{3000};
// Shows that the other end is still there; a proxy may close a connection without traffic for a minute.
constexpr milliseconds kHeartbeat{15000};

constexpr const char* kFields =
    "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n";

std::string html_fields() {
    return std::string(kFields) + "Content-Security-Policy: " + core::report::page_policy(PageKind::live) +
           "; frame-ancestors 'none'\r\nX-Frame-Options: DENY\r\nCross-Origin-Opener-Policy: same-origin\r\n";
}

}  // namespace

StatusPage::StatusPage(EventLoop& loop, const Settings& settings, const Metrics& metrics,
                       const Health& health, const KnownServer& server, StopSignal& stop)
    : settings_(settings),
      access_(settings.token_file, settings.loopback),
      metrics_(metrics),
      health_(health),
      sample_(loop, [this] { samples_.take(metrics_); }),
      patience_(loop, [this] { answer_waiting(); }),
      heartbeat_(loop,
                 [this] {
                     source_.want();
                     for (PageClient* client : std::vector(listeners_.begin(), listeners_.end()))
                         client->push(": \n\n");
                 }),
      source_(loop, settings.conninfo, server, stop, [this] { on_changed(); }) {
    sample_.start(milliseconds{0}, Samples::kEvery);
}

bool StatusPage::take(const PageRequest& request, PageClient& client) {
    const bool events = request.path == "/events";
    if (!events && request.path != "/" && request.path != "/status.json") return false;
    if (const auto refusal = access_.refusal(request)) {
        client.answer(*refusal);
        return true;
    }
    source_.want();
    if (events && request.is_head()) {
        client.answer({200, {}, "text/event-stream; charset=utf-8", kFields});
    } else if (events) {
        listen(client);
    } else {
        waiting_.push_back({&client, request.path == "/" ? Kind::html : Kind::json});
        if (source_.settled())
            answer_waiting();
        else if (!patience_.active())
            patience_.start(kPatience);
    }
    return true;
}

void StatusPage::listen(PageClient& client) {
    if (listeners_.size() >= kMostListeners)
        return client.answer({503, "others listen already\n", "text/plain; charset=utf-8", kFields});
    listeners_.push_back(&client);
    if (!heartbeat_.active()) heartbeat_.start(kHeartbeat, kHeartbeat);
    client.begin_stream("text/event-stream; charset=utf-8", kFields);
    client.push("retry: 5000\n\n");
}

void StatusPage::forget(PageClient& client) {
    listeners_.remove(&client);
    waiting_.remove_if([&](const Waiting& waiting) { return waiting.client == &client; });
    if (listeners_.empty()) heartbeat_.stop();
}

// push() may end a client, who is then forgotten.
void StatusPage::on_changed() {
    answer_waiting();
    for (PageClient* client : std::vector(listeners_.begin(), listeners_.end()))
        client->push("event: changed\ndata: \n\n");
}

void StatusPage::answer_waiting() {
    patience_.stop();
    for (const Waiting& waiting : std::exchange(waiting_, {})) waiting.client->answer(response(waiting.kind));
}

PageResponse StatusPage::response(Kind kind) const {
    if (kind == Kind::json) return {200, document(), "application/json; charset=utf-8", kFields};
    return {200, core::report::render_page(document(), PageKind::live, now_us()), "text/html; charset=utf-8",
            html_fields()};
}

// The extension's two documents and member "relay" as one: members of an object stand behind each other.
std::string StatusPage::document() const {
    std::string json = source_.document();
    if (json.empty())
        json = "{";
    else
        json.back() = ',';
    if (std::string_view details = source_.details(); details.size() > 2)
        json.append(details.substr(1, details.size() - 2)).append(",");
    json.append("\"relay\":").append(json_text([&](JsonWriter& writer) {
        writer.StartObject();
        put(writer, "stream", settings_.stream);
        put(writer, "health", health_.answer().second);
        if (!source_.problem().empty()) put(writer, "problem", source_.problem());
        writer.Key("samples");
        samples_.write(writer);
        writer.EndObject();
    }));
    return json.append("}");
}

}  // namespace gpsync::relay
