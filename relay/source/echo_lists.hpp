// Rows of an import that some endpoints get and the others have already: the decoder says who gets them.
#pragma once

#include <string>
#include <string_view>

#include "relay/source/endpoint_set.hpp"
#include "relay/source/message.hpp"

namespace gpsync::relay {

class EchoLists {
  public:
    EchoLists() = default;
    // names: of the stream's endpoints.
    explicit EchoLists(EndpointNames names) : names_(std::move(names)) {}

    // Fills unsent_at of the message's events.
    void resolve(Message& message);

  private:
    EndpointSet unsent_by(std::string_view list);

    EndpointNames names_;
    std::string last_;  // the rows of a chunk all have one list
    EndpointSet last_unsent_ = 0;
};

}  // namespace gpsync::relay
