// Parameters in PostgreSQL's binary formats: what relay_book gets is written and read without quoting or
// parsing.
#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace gpsync::relay {

// Built-in types, from pg_type.dat.
enum TypeOid : Oid {
    kBool = 16,
    kBytea = 17,
    kInt8 = 20,
    kInt4 = 23,
    kText = 25,
    kOid = 26,
    kJsonb = 3802,
};

std::string binary_int8(int64_t value);
// A whole number of any length, as the server sends it in binary.
int64_t read_binary(std::string_view bytes);
// µs since 1970.
std::string binary_timestamptz(int64_t time_us);

// A one-dimensional array without NULLs (array_recv in the server's sources).
class BinaryArray {
  public:
    explicit BinaryArray(TypeOid element);
    void add_text(std::string_view text);  // bytea too
    void add_jsonb(std::string_view json);
    void add_int4(int32_t value);
    void add_int8(int64_t value);
    void add_bool(bool value);
    // The finished parameter.
    const std::string& bytes();

  private:
    void begin_element(size_t length);

    std::string bytes_;
    int32_t count_ = 0;
};

}  // namespace gpsync::relay
