// The vocabulary of names: how its rows are read, and how to extend it.
//
// A row has the kind of PII that a value under these names is (kNone: none), flags, where the names come from
// (a standard, an API, forms of a language), and the words, separated by blanks. A word is written as names
// are compared: lower case, without separators and accents ("Date_of_Birth" is "dateofbirth", "Prénom" is
// "prenom", "Straße" is "strasse"; Greek with σ also at the end), one or several words of a name run
// together. Every word stands in one row only. Few end in a number: all names that end in the same one are
// looked up each for itself then, else "item_1", "item_2", … as one (digits_of_numbered() in
// path_context.cpp).
//
// To add a word: find the row with the same meaning, append the word (a doubled one is an error of the
// compiler), and add an example and a counter-example to test/unit/core/pii_vocabulary_test.cpp. A word that
// also means something else gets flag kAmbiguous: then only a value fits that has the form of the PII.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/pii/detector.hpp"

namespace gpsync::core::pii {

enum WordFlag : uint32_t {
    // whose or what kind of thing
    kPerson = 1u << 0,        // "customer": a bare "name" beside or under it is a person's
    kThing = 1u << 1,         // "product", "file": a bare "name" is not; ends what a parent said of a person
    kOrganisation = 1u << 2,  // "merchant": neither its name nor its address is a person's
    kPassThrough = 1u << 3,   // "details", "data": neutral, leaves what the parent said in force
    // what the value is, if it is no PII
    kVersion = 1u << 4,
    kTime = 1u << 5,
    kOrder = 1u << 6,       // numbers of orders, parts, parcels, amounts …
    kIdentifier = 1u << 7,  // "id", "uuid": may be anybody's, so only strong evidence counts
    kHash = 1u << 8,
    kReference = 1u << 9,  // token unique reference, payment account reference …: never PII
    // how the word stands to a phrase
    kSuffix = 1u << 10,  // may follow a phrase without changing it: "number", "value", "1"
    kQualifier =
        1u << 11,  // as the last word: the value is about the PII, it is not the PII ("status", "verified")
    kNegator = 1u << 12,  // before a phrase: the value is not the PII itself ("masked", "has")
    kBareName = 1u << 13,
    kNamePart = 1u << 14,  // "first", "given": under "name"
    kCompound = 1u << 15,  // with a child of class kSuffix or kExtension it makes a phrase: "card" + "number"
    kLabel = 1u << 16,     // its string value names what a sibling holds: {"name": "email", "value": …}
    kValue = 1u << 17,     // … and this is the sibling
    kToken = 1u << 18,     // a PAN here is a device PAN
    kFunding = 1u << 19,   // a PAN here is the card's own, whatever else the path says; an expiry is a card's
    // where it counts
    kLoose = 1u << 20,     // also as the end of a name written without any word boundary
    kTextOnly = 1u << 21,  // in front of a number in a text; in a name only kValue of it counts
    kNameOnly = 1u << 22,  // as a name, not in a text
    kBlock = 1u << 23,     // a word that ends in a phrase but is none ("smartphone")
    kDirect = 1u << 24,   // the phrase is about a scalar, not about what is below an object; of a person that
                          // is ambiguous, that a value of two words may be a name ("author")
    kLegible = 1u << 25,  // under an address: may stay ("country")
    // how sure it is
    kPlace = 1u << 26,           // "city": an address where what is around it is one, or a person
    kAmbiguous = 1u << 27,       // only a value of the kind's own form fits
    kPreposition = 1u << 28,     // what is in front of it decides: "ssnOfApplicant"
    kArticle = 1u << 29,         // numbers of goods and parts, which may be grouped like a telephone number
    kOfVerification = 1u << 30,  // under the name of verification data the value itself: {"cvv": {"code": …}}
    kDocument = 1u << 31,  // numbers of invoices, parcels, pages, which may begin with 0 and have a dash
};

namespace vocabulary {

struct Row {
    Detector detector;
    uint32_t flags;
    std::string_view source;
    std::string_view words;
};

}  // namespace vocabulary

}  // namespace gpsync::core::pii
