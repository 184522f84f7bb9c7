// Names with the place that they come from in front: URIs of claims, names of XML, paths of flattened
// documents.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gpsync::core::pii {

// "birthdate@OData.Community.Display.V1.FormattedValue", "owner@odata.bind" (OData 4.01, JSON format): the
// name that the annotation is of, and without a question's number in front ("q3_name"); any other name as it
// is. It has the form of an e-mail address and is none.
std::string_view without_annotation(std::string_view name);

// The flags of a name under which a document of another format has the value itself: "$", "_", "#" where XML
// became JSON, "S", "M" of DynamoDB; 0 for any other name.
uint32_t flags_of_wrapper(std::string_view name);

// "urn:oid:2.5.4.42": "givenname", as LDAP and SAML number a person's attributes; empty for any other name.
std::string_view attribute_of_oid(std::string_view name);

// What is behind the last separator of a URI ("https://example.com/claims/email") or behind the braces of a
// namespace ("{urn:acme}Ssn"); the name as it is if it is neither.
std::string_view last_part_of_uri(std::string_view name);
// Whether such a URI is that of a claim or an attribute, which are a person's.
bool is_of_claim(std::string_view uri);

// The prefix of an XML name ("ns1" of "ns1:GivenName"); empty if it is none.
std::string_view xml_prefix(std::string_view name);
// "schema", "soap": prefixes that are also words of other meanings.
bool is_known_prefix(std::string_view prefix);

// The steps of a path: "order.payment.card.expiry", "data[0][customer][ssn]", "a/b/email"; numbers are none.
class NameSteps {
  public:
    // More are not read: the last ones count.
    static constexpr size_t kMost = 16;

    explicit NameSteps(std::string_view name);

    // How many of the last steps there are.
    size_t count() const { return count_; }
    std::string_view step(size_t i) const { return steps_[i]; }
    // The last two, as they are written.
    std::string_view last_two() const { return name_.substr(begin_of(count_ - 2)); }

  private:
    size_t begin_of(size_t i) const { return static_cast<size_t>(steps_[i].data() - name_.data()); }

    std::string_view name_;
    std::array<std::string_view, kMost> steps_;
    size_t count_ = 0;
};

}  // namespace gpsync::core::pii
