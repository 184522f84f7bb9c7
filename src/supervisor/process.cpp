// Starting a process from a server process, and reading its output.
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "supervisor/relay.h"

namespace gpsync::supervisor {

namespace {

// All that the child needs, made before fork(): after it only async-signal-safe calls are allowed.
struct Launch {
    std::vector<char*> argv;
    int null_input;
    int output;
    pid_t parent;
    int highest_descriptor;
};

// The server's handlers point into the server, and ignored signals would stay ignored after exec.
void reset_signals() {
    struct sigaction default_action = {};
    default_action.sa_handler = SIG_DFL;
    for (int number = 1; number < NSIG; ++number) sigaction(number, &default_action, nullptr);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
}

void close_inherited(int highest) {
    if (close_range(3, ~0U, 0) == 0) return;
    for (int descriptor = 3; descriptor < highest; ++descriptor) close(descriptor);
}

[[noreturn]] void become_relay(const Launch& launch) {
    // A group of its own: what is sent to the worker's group (the postmaster does that) is not for the relay.
    setpgid(0, 0);
    // The worker may be gone before the wish to die with it was heard.
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != launch.parent) _exit(127);
    if (dup2(launch.null_input, 0) < 0 || dup2(launch.output, 1) < 0 || dup2(launch.output, 2) < 0)
        _exit(127);
    close_inherited(launch.highest_descriptor);
    reset_signals();
    execv(launch.argv[0], launch.argv.data());
    constexpr char kMessage[] = "the program could not be executed\n";
    (void)!write(2, kMessage, sizeof kMessage - 1);
    _exit(127);
}

// In the child no handler of the server may run, so signals are blocked from before fork() until exec.
pid_t fork_and_exec(const Launch& launch) {
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    const pid_t pid = fork();
    if (pid == 0) become_relay(launch);
    const int error = errno;
    sigprocmask(SIG_SETMASK, &before, nullptr);
    errno = error;
    return pid;
}

// Closes on every way out.
struct Descriptor {
    int number = -1;
    ~Descriptor() {
        if (number >= 0) close(number);
    }
    int release() { return std::exchange(number, -1); }
};

bool make_pipe(Descriptor* read_end, Descriptor* write_end) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return false;
    read_end->number = ends[0];
    write_end->number = ends[1];
    return fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0;
}

}  // namespace

Process::~Process() {
    if (output_ >= 0) close(output_);
}

bool Process::start(const Arguments& arguments) {
    Descriptor read_end, write_end, null_input;
    null_input.number = open("/dev/null", O_RDONLY | O_CLOEXEC);
    Launch launch = {
        {}, null_input.number, -1, getpid(), static_cast<int>(std::min(sysconf(_SC_OPEN_MAX), 65536L))};
    for (const std::string& argument : arguments) launch.argv.push_back(const_cast<char*>(argument.c_str()));
    launch.argv.push_back(nullptr);
    if (access(launch.argv[0], X_OK) != 0 || null_input.number < 0 || !make_pipe(&read_end, &write_end)) {
        ereport(LOG, (errcode_for_file_access(), errmsg("could not start \"%s\": %m", launch.argv[0])));
        return false;
    }
    launch.output = write_end.number;
    const pid_t pid = fork_and_exec(launch);
    if (pid < 0) {
        ereport(LOG, (errmsg("could not fork a process for \"%s\": %m", launch.argv[0])));
        return false;
    }
    pid_ = pid;
    output_ = read_end.release();
    return true;
}

void Process::signal(int number) const {
    // The group exists from the moment the child has made it; before that only the process does.
    if (running() && kill(-pid_, number) != 0) kill(pid_, number);
}

bool Process::reap(int* status) {
    if (!running() || waitpid(pid_, status, WNOHANG) != pid_) return false;
    pid_ = 0;
    return true;
}

size_t Process::read_some(char* buffer, size_t size) {
    if (output_ < 0) return 0;
    const ssize_t count = read(output_, buffer, size);
    if (count > 0) return static_cast<size_t>(count);
    // At the end nothing comes any more, and waiting for it would spin.
    if (count == 0) {
        close(output_);
        output_ = -1;
    }
    return 0;
}

void Process::read_output(const LineCallback& line) {
    char buffer[4096];
    // Bounded, so that a relay that writes all the time does not keep the worker from all else.
    for (int round = 0; round < 16; ++round) {
        const size_t count = read_some(buffer, sizeof buffer);
        if (count == 0) return;
        lines_.feed({buffer, count}, line);
    }
}

void Process::read_rest(const LineCallback& line) {
    read_output(line);
    lines_.flush(line);
    if (output_ >= 0) close(output_);
    output_ = -1;
}

}  // namespace gpsync::supervisor
