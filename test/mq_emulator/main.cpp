// mq-emulator: an mqweb server for tests. It keeps to what IBM documents of the messaging REST API, and fails
// on demand (see mq_faults.hpp).
#include <csignal>
#include <cstdio>

#include <CLI/CLI.hpp>

#include "mq_server.hpp"

int main(int argc, char** argv) try {
    gpsync::mq_emulator::Settings settings;
    int port = 0;
    CLI::App app{"An mqweb server for tests"};
    app.add_option("--port", port, "on 127.0.0.1")->required();
    app.add_option("--qmgr", settings.qmgr, "the queue manager it knows");
    app.add_option("--queue", settings.queues, "a queue it knows; may be given several times");
    app.add_option("--topic", settings.topics, "a topic it knows");
    app.add_option("--user", settings.user, "demand that this user has logged in");
    app.add_option("--password", settings.password, "of that user");
    app.add_option("--most-messages", settings.most_messages, "the depth of each queue");
    app.add_option("--longest", settings.longest, "bytes that a message may have");
    CLI11_PARSE(app, argc, argv);
    std::signal(SIGPIPE, SIG_IGN);
    gpsync::mq_emulator::MqServer emulator(settings);
    httplib::Server server;
    server.new_task_queue = [] { return new httplib::ThreadPool(64); };
    server.set_tcp_nodelay(true);
    server.set_keep_alive_max_count(1U << 30);
    server.set_keep_alive_timeout(3600);
    emulator.add_routes(server);
    if (!server.bind_to_port("127.0.0.1", port)) throw std::runtime_error("cannot listen");
    std::printf("listening\n");
    std::fflush(stdout);
    server.listen_after_bind();
    return 0;
} catch (const std::exception& failure) {
    std::fprintf(stderr, "mq-emulator: %s\n", failure.what());
    return 1;
}
