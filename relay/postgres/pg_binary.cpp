#include "relay/postgres/pg_binary.hpp"

#include <endian.h>

#include <cstring>

namespace gpsync::relay {

namespace {

constexpr int64_t kPostgresEpochUs = 946684800000000;  // 2000-01-01 in µs since 1970
constexpr size_t kHeader = 20;  // dimensions, has NULLs, element type, length, lower bound
constexpr char kJsonbVersion = 1;

void append32(std::string& out, uint32_t value) {
    value = htobe32(value);
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void append64(std::string& out, uint64_t value) {
    value = htobe64(value);
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void put32(std::string& out, size_t at, uint32_t value) {
    value = htobe32(value);
    std::memcpy(out.data() + at, &value, sizeof value);
}

}  // namespace

std::string binary_int8(int64_t value) {
    std::string bytes;
    append64(bytes, static_cast<uint64_t>(value));
    return bytes;
}

int64_t read_binary(std::string_view bytes) {
    uint64_t number = 0;
    for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
    return static_cast<int64_t>(number);
}

std::string binary_timestamptz(int64_t time_us) {
    return binary_int8(time_us - kPostgresEpochUs);
}

BinaryArray::BinaryArray(TypeOid element) : bytes_(kHeader, '\0') {
    put32(bytes_, 8, element);
    put32(bytes_, 16, 1);
}

void BinaryArray::begin_element(size_t length) {
    append32(bytes_, static_cast<uint32_t>(length));
    ++count_;
}

void BinaryArray::add_text(std::string_view text) {
    begin_element(text.size());
    bytes_ += text;
}

void BinaryArray::add_jsonb(std::string_view json) {
    begin_element(json.size() + 1);
    bytes_ += kJsonbVersion;
    bytes_ += json;
}

void BinaryArray::add_int4(int32_t value) {
    begin_element(4);
    append32(bytes_, static_cast<uint32_t>(value));
}

void BinaryArray::add_int8(int64_t value) {
    begin_element(8);
    append64(bytes_, static_cast<uint64_t>(value));
}

void BinaryArray::add_bool(bool value) {
    begin_element(1);
    bytes_ += value ? '\1' : '\0';
}

const std::string& BinaryArray::bytes() {
    if (count_ == 0) {
        bytes_.resize(12);  // no dimension: an empty array
        return bytes_;
    }
    put32(bytes_, 0, 1);
    put32(bytes_, 12, static_cast<uint32_t>(count_));
    return bytes_;
}

}  // namespace gpsync::relay
