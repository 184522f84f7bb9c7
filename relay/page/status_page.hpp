// The status page: / as HTML, /status.json as JSON, /events for whoever wants to hear when there is something
// new.
#pragma once

#include <list>
#include <string>

#include "relay/observe/health.hpp"
#include "relay/observe/pages.hpp"
#include "relay/page/access.hpp"
#include "relay/page/samples.hpp"
#include "relay/page/status_source.hpp"

namespace gpsync::relay {

class StatusPage : public Pages {
  public:
    struct Settings {
        std::string conninfo, stream, token_file;
        bool loopback = false;  // only this machine can reach the listener
    };
    static constexpr size_t kMostListeners = 8;

    // Throws ConfigError; see PageAccess.
    StatusPage(EventLoop& loop, const Settings& settings, const Metrics& metrics, const Health& health,
               const KnownServer& server, StopSignal& stop);

    bool take(const PageRequest& request, PageClient& client) override;
    void forget(PageClient& client) override;

  private:
    enum class Kind { html, json };
    // Who waits for values that are new enough.
    struct Waiting {
        PageClient* client;
        Kind kind;
    };

    void on_changed();
    void listen(PageClient& client);
    void answer_waiting();
    PageResponse response(Kind kind) const;
    std::string document() const;

    const Settings settings_;
    const PageAccess access_;
    const Metrics& metrics_;
    const Health& health_;
    Samples samples_;
    std::list<PageClient*> listeners_;
    std::list<Waiting> waiting_;
    Timer sample_, patience_, heartbeat_;
    StatusSource source_;
};

}  // namespace gpsync::relay
