// One call of gpsync_internal.relay_book: a booking as parameters.
#pragma once

#include <array>
#include <string>

#include "relay/books/booking.hpp"
#include "relay/books/cursors.hpp"

namespace gpsync::relay {

// The statement, to be prepared under the name kBookStatement.
extern const char* const kPrepareBook;
inline constexpr const char* kBookStatement = "gpsync_book";

class BookCall {
  public:
    static constexpr int kParameters = 17;

    // bookkeeping: false leaves the marks out; position and dead letters are booked all the same.
    BookCall(const std::string& stream, const EndpointNames& endpoints, const Booking& booking,
             const RelationTable& relations, bool bookkeeping);

    std::array<const char*, kParameters> values() const;
    std::array<int, kParameters> lengths() const;
    std::array<int, kParameters> formats() const;
    size_t marks() const { return marks_; }

  private:
    void add_held(const std::vector<HeldChange>& changes, const EndpointNames& endpoints);
    void add_marks(const Booking& booking, const RelationTable& relations);

    struct Parameter {
        std::string bytes;
        bool null = false;
        bool binary = true;
    };
    std::array<Parameter, kParameters> parameters_;
    size_t marks_ = 0;
};

}  // namespace gpsync::relay
