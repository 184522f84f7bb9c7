// The messaging REST API of IBM MQ as its documentation has it: log-in, put, browse, destructive get,
// publish.
#pragma once

#include <httplib.h>

#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "mq_faults.hpp"

namespace gpsync::mq_emulator {

struct Settings {
    std::string qmgr = "QM1";
    std::vector<std::string> queues, topics;
    std::string user, password;  // empty: nobody has to log in
    size_t most_messages = 0;    // a queue's depth; 0: any
    size_t longest = 4 << 20;    // bytes of a message
};

struct Message {
    std::string id, correlation_id, persistence, expiry, content_type, body;
};

// The messages of a queue or a topic in their order. Looking one up by its correlation id takes the same time
// however many there are.
class MessageStore {
  public:
    void add(Message message);
    // The first one with this correlation id, in lower case; with any for "". nullptr: there is none.
    const Message* find(const std::string& correlation_id) const;
    // REQUIRES: find(correlation_id) is not nullptr.
    void remove(const std::string& correlation_id);
    const std::map<uint64_t, Message>& messages() const { return messages_; }

  private:
    using Number = std::map<uint64_t, Message>::key_type;

    std::map<Number, Message> messages_;  // as they came
    std::map<std::string, std::set<Number>> by_correlation_id_;
    Number last_ = 0;
};

class MqServer {
  public:
    explicit MqServer(Settings settings);
    void add_routes(httplib::Server& server);

  private:
    using Request = httplib::Request;
    using Response = httplib::Response;

    struct Target {
        std::string api, qmgr, kind, name;
    };

    void add_control(httplib::Server& server);
    void log_in(const Request& request, Response& response);
    void put(const Request& request, Response& response);
    void get(const Request& request, Response& response, bool destructive);
    // From the path as it was sent: false when it names no queue and no topic.
    static bool read_target(const Request& request, Target& target);
    // What all requests of messages must have; false when it has answered.
    bool check(const Request& request, Response& response, Target& target);
    bool is_authenticated(const Request& request);
    // Of a put: what is wrong with its headers; false when it has answered.
    bool read_headers(const Request& request, Response& response, const Target& target, Message& message);
    // Puts it into the queue, or answers why not.
    bool store(const Target& target, Message message, Response& response);
    void remember(const std::string& what, int status);
    // Meets a fault: true when it has answered, and nothing else is to be done. stored: a message to put
    // then.
    bool fail(const Fault& fault, const Request& request, Response& response);

    const Settings settings_;
    Faults faults_;
    std::mutex mutex_;
    std::map<std::string, MessageStore> queues_, topics_;
    std::set<std::string> tokens_;  // valid LTPA tokens
    std::deque<std::string> requests_;
    uint64_t last_ = 0;  // counts messages and tokens
    uint64_t puts_ = 0;
};

}  // namespace gpsync::mq_emulator
