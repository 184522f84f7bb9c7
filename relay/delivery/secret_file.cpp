#include "relay/delivery/secret_file.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace gpsync::relay {

namespace {

constexpr size_t kMaxSecret = size_t{64} * 1024;

std::string trim(const std::string& text) {
    const char* space = " \t\r\n";
    size_t begin = text.find_first_not_of(space);
    return begin == std::string::npos ? std::string()
                                      : text.substr(begin, text.find_last_not_of(space) - begin + 1);
}

}  // namespace

std::string read_secret_file(const std::string& path, std::string& text) {
    text.clear();
    std::ifstream file(path, std::ios::binary);
    if (!file) return "could not read file \"" + path + "\": " + std::strerror(errno);
    text.resize(kMaxSecret);
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<size_t>(file.gcount()));
    text = trim(text);
    return {};
}

std::string file_state(const std::string& path) {
    struct stat found {};
    if (stat(path.c_str(), &found) != 0) return {};
    return std::to_string(found.st_ino) + ' ' + std::to_string(found.st_size) + ' ' +
           std::to_string(found.st_mtim.tv_sec) + '.' + std::to_string(found.st_mtim.tv_nsec) + ' ' +
           std::to_string(found.st_ctim.tv_sec) + '.' + std::to_string(found.st_ctim.tv_nsec);
}

}  // namespace gpsync::relay
