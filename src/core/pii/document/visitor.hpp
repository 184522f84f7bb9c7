// Visits a document token by token: a Source says what comes next, a Scrubber what is to become of it, a Sink
// does it. All that walks over a document is such a source and such a sink; the calls are resolved when it is
// compiled, so that a token costs no indirect call.
//
// A Source has
//   Event next();                   the next token
//   std::string_view text();        of the name, string or number that next() has just given; UTF-8
//   Verdict number(Scrubber&);      shows the number to the scrubber
//   void enter();                   goes into the object or array that next() has just given …
//   bool skip();                    … or passes over it; false: what is in it cannot be read
//   Within within();                what the token stands in
//   void show_siblings(Scrubber&);  shows the members of the object that the value that next() has just given
//   is in
//   void show_elements(Scrubber&);  shows the labels of the elements of the list that this object is in
//   bool preview(ArrayPreview&);            the first elements of the array that next() has just given;
//   false:
//                                           they say nothing
//   void show_headers(Scrubber&);           the members that list the names of a table's columns
// A Sink has
//   void name(Verdict, Source&);            kKeep or kReplace
//   void begin(bool array, Source&);        of an object or array that stays; before enter()
//   void end(bool array, Source&);
//   void value(Event, Verdict, Source&);    of any other value, and of an object or array that goes
//   bool enough();                          asked after value(): the rest need not be visited
#pragma once

#include "core/pii/document/scrubber.hpp"

namespace gpsync::core::pii {

enum class Event : uint8_t {
    kBeginObject,
    kBeginArray,
    kEndObject,
    kEndArray,
    kName,
    kKnownName,  // of a Shape: it stays, and the source sets the scrubber's member when it visits the value
    kString,
    kNumber,
    kTrue,
    kFalse,
    kNull,
    kNeutral,  // a value of any kind that stays and need not be visited
    kEnd,
    kUnreadable,
};

enum class Within : uint8_t { kNothing, kObject, kArray };

// kError: the scrubber's status() says why. kUnreadable: from some token on, the source is not what it should
// be. Either way nothing of the document may be used.
enum class Visited : uint8_t { kAll, kUnreadable, kError };

// What stands beside a string with this text or another value that comes next.
template <class Source>
void show_siblings(Source& source, Scrubber& scrubber, std::string_view text) {
    if (!scrubber.wants_siblings(text)) return;
    source.show_siblings(scrubber);
    if (!scrubber.wants_elements()) return;
    source.show_elements(scrubber);
    scrubber.elements_end();
    if (scrubber.wants_siblings(text)) source.show_siblings(scrubber);
}

// REQUIRES: scrubber.begin_document() before, or an open row. embedded: the document stands in a string,
// which has been judged, so that its outermost object or array gets no verdict.
template <class Source, class Sink>
Visited visit(Source& source, Scrubber& scrubber, Sink& sink, bool embedded = false) {
    for (;;) {
        Verdict verdict = Verdict::kKeep;
        const Event event = source.next();
        switch (event) {
            case Event::kBeginObject:
            case Event::kBeginArray: {
                const bool array = event == Event::kBeginArray;
                if (!embedded && scrubber.container_wants_siblings()) source.show_siblings(scrubber);
                if (array && source.preview(scrubber.preview())) {
                    if (scrubber.wants_headers()) source.show_headers(scrubber);
                    scrubber.take_preview();
                }
                if (embedded)
                    scrubber.begin_embedded(array);
                else
                    verdict = array ? scrubber.begin_array() : scrubber.begin_object();
                embedded = false;
                if (verdict == Verdict::kKeep) {
                    sink.begin(array, source);
                    source.enter();
                    continue;
                }
                if (verdict != Verdict::kError && !source.skip()) return Visited::kUnreadable;
                break;
            }
            case Event::kEndObject:
                scrubber.end_object();
                if (!scrubber.status().ok()) return Visited::kError;
                sink.end(false, source);
                continue;
            case Event::kEndArray:
                scrubber.end_array();
                if (!scrubber.status().ok()) return Visited::kError;
                sink.end(true, source);
                continue;
            case Event::kName:
                verdict = scrubber.name(source.text());
                if (verdict == Verdict::kError) return Visited::kError;
                sink.name(verdict, source);
                continue;
            case Event::kKnownName:
                sink.name(Verdict::kKeep, source);
                continue;
            case Event::kString:
                show_siblings(source, scrubber, source.text());
                verdict = scrubber.string(source.text());
                break;
            case Event::kNumber:
                show_siblings(source, scrubber, {});
                verdict = source.number(scrubber);
                break;
            case Event::kTrue:
            case Event::kFalse:
                verdict = scrubber.boolean(event == Event::kTrue);
                break;
            case Event::kNull:
                verdict = scrubber.null();
                break;
            case Event::kNeutral:
                break;
            case Event::kEnd:
                return Visited::kAll;
            case Event::kUnreadable:
                return Visited::kUnreadable;
        }
        if (verdict == Verdict::kError) [[unlikely]]
            return Visited::kError;
        sink.value(event, verdict, source);
        if (sink.enough()) return Visited::kAll;
    }
}

}  // namespace gpsync::core::pii
