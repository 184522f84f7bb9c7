// RAII over libuv: a loop, timers and watched sockets. Exceptions of callbacks end the loop and come out of
// run().
#pragma once

#include <uv.h>

#include <chrono>
#include <exception>
#include <functional>

namespace gpsync::relay {

class EventLoop {
  public:
    EventLoop();
    ~EventLoop();  // REQUIRES: every Timer and SocketWatch on it is gone
    EventLoop(const EventLoop&) = delete;
    EventLoop& operator=(const EventLoop&) = delete;

    // Runs until stop(); rethrows what a callback threw.
    void run();
    void stop() { uv_stop(&loop_); }
    // Calls f, which libuv must not see throw.
    template <typename F>
    void guarded(F&& f) {
        try {
            f();
        } catch (...) {
            if (!error_) error_ = std::current_exception();
            stop();
        }
    }
    uv_loop_t* get() { return &loop_; }

  private:
    uv_loop_t loop_;
    std::exception_ptr error_;
};

class Timer {
  public:
    Timer(EventLoop& loop, std::function<void()> fire);
    ~Timer();
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

    void start(std::chrono::milliseconds wait,
               std::chrono::milliseconds repeat = std::chrono::milliseconds{0});
    void stop();
    bool active() const { return uv_is_active(reinterpret_cast<const uv_handle_t*>(handle_)) != 0; }

  private:
    EventLoop& loop_;
    std::function<void()> fire_;
    uv_timer_t* handle_;  // freed by the loop once it is closed
};

class SocketWatch {
  public:
    // events: UV_READABLE, UV_WRITABLE; 0 after an error on the socket.
    using Callback = std::function<void(int events)>;
    SocketWatch(EventLoop& loop, int socket, Callback ready);
    ~SocketWatch();
    SocketWatch(const SocketWatch&) = delete;
    SocketWatch& operator=(const SocketWatch&) = delete;

    // 0 stops watching.
    void watch(int events);

  private:
    EventLoop& loop_;
    Callback ready_;
    uv_poll_t* handle_;
    int events_ = 0;
};

}  // namespace gpsync::relay
