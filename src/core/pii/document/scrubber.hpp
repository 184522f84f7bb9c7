// Finds PII in a document that is visited token by token, and gives a verdict on each token. The Scrubber
// keeps no tree and does not recurse over the document: the path lives on a stack of its own, 10,000 levels
// are fine.
//
// visitor.hpp does this over JSONB and JSON text, its callers over the columns of a row:
//
//   scrubber.begin_document();
//   switch (scrubber.begin_object()) …   kRemove: leave the whole object out and do not visit what is in it
//   scrubber.name("email")                kReplace: write replacement() as the name
//   scrubber.string("joe@example.com")   kKeep: copy it as it is; kReplace: write replacement() as a string;
//                                        kRemove: leave the member out, in an array write null instead (so
//                                        that the others keep their positions), as the whole document write
//                                        null
//   scrubber.end_object()
//
// Every value is visited by exactly one call; a name before each value of an object. kError: stop, status()
// says why, nothing of the document may be used. No call throws. Texts are UTF-8; other bytes count as
// letters.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "core/pii/detect/plain_text.hpp"
#include "core/pii/detector.hpp"
#include "core/pii/document/path_context.hpp"
#include "core/pii/document/plain_texts.hpp"
#include "core/pii/document/text_table.hpp"
#include "core/pii/policy/policy.hpp"
#include "core/pii/protect/actions.hpp"
#include "core/pii/protect/key_ring.hpp"
#include "core/pii/status.hpp"
#include "core/pii/stop.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

enum class Verdict : uint8_t { kKeep, kReplace, kRemove, kError };

enum class Mode : uint8_t {
    kScrub,
    kTest,  // only found() counts: after it is true the caller may stop; needs no keys
    kFind,  // matches(); the verdicts mean nothing; needs no keys
};

struct Match {
    std::string path;  // $.a.b[0]; a name that holds PII itself stands in it as it would be after scrubbing
    std::string_view detector;  // valid as long as the policy
    Action action;
};

struct Base64Run;  // scrub_embedded.cpp
class EmvTlv;

class Scrubber {
  public:
    // policy and keys have to outlive it; keys may be nullptr. Keep it for many documents: it remembers
    // names.
    Scrubber(const Policy& policy, const KeyRing* keys, Mode mode);
    ~Scrubber();
    Scrubber(const Scrubber&) = delete;
    Scrubber& operator=(const Scrubber&) = delete;

    void begin_document() noexcept;
    // A document, and in it an object, the row.
    Verdict begin_row() noexcept {
        begin_document();
        return begin_object();
    }

    Verdict begin_object() noexcept { return begin_container(false); }
    Verdict begin_array() noexcept { return begin_container(true); }
    // Of an object or array that a string holds: the string was judged, so it gets no verdict of its own.
    void begin_embedded(bool array) noexcept {
        (void)guarded([&] {
            path_.enter(array);
            return Verdict::kKeep;
        });
    }
    void end_object() noexcept { end_container(); }
    void end_array() noexcept { end_container(); }
    Verdict name(std::string_view text) noexcept;
    Verdict string(std::string_view text) noexcept;
    // As JSON writes it, of any length.
    Verdict number(std::string_view text) noexcept;
    Verdict boolean(bool value) noexcept;
    Verdict null() noexcept;

    // Of the object just begun; nullptr: visit its names by name(). Otherwise each value is visited after
    // member() instead, or not at all where path_is_neutral() and is_neutral() allow it. Valid until the
    // document's end. cut(i) is name i.
    template <class Cut>
    const Shape* shape(const NameBlock& keys, const Cut& cut) noexcept {
        const Shape* result = nullptr;
        (void)guarded([&] {
            result = path_.shape(keys, cut);
            return Verdict::kKeep;
        });
        return result;
    }
    void member(const Shape& shape, size_t i) noexcept {
        (void)guarded([&] {
            path_.set_member(shape, i);
            return Verdict::kKeep;
        });
    }
    // For objects whose names never change, the rows of a table: what a name of theirs says, to be given to
    // member() each time, and its MemberContext. The name itself is taken as it is. REQUIRES: no document is
    // open.
    struct RowMember {
        NameInfo info;
        MemberContext context;

        bool is_value() const { return info.name_class.has(kValue); }
    };
    // labels_matter: another member of the row may hold what a text of this one names (is_value()).
    RowMember row_member(std::string_view name, bool labels_matter) noexcept;
    void member(const RowMember& known, std::string_view name) noexcept {
        (void)guarded([&] {
            path_.set_member(known.info, name, name);
            return Verdict::kKeep;
        });
    }
    // Whether the path says nothing of the open object's members: then a value whose MemberContext is
    // by_itself need not be visited where is_neutral() says so, nor an object whose context is neutral, if
    // all its members are such.
    bool path_is_neutral() const noexcept { return path_.plain() && status_.ok(); }
    // Of the open array's elements. An array of scalars may be by_itself where an object's members are not.
    MemberContext element_context() const noexcept {
        return status_.ok() ? path_.element_context() : MemberContext();
    }
    // The next one may be PII by standing behind a card's number, also where it is neutral by itself.
    bool next_may_be_of_card() const noexcept { return path_.next_may_be_of_card(); }
    // nullptr also where somebody wants to stop: the next call does.
    const Shape* known_shape(const NameBlock& keys, const MemberContext& context) noexcept {
        return stop_wanted() ? nullptr : path_.known_shape(keys, context);
    }
    // ruled_names: see rules_names().
    static bool is_neutral(std::string_view text, bool ruled_names = false) noexcept {
        if (ruled_names && may_have_ruled_names(text)) return false;
        return !may_hold_pii(text) || is_plain_value(text) || is_plain_text(text);
    }
    // A form, lines, XML, a table: whether a name may stand in the text with its value.
    static bool may_have_ruled_names(std::string_view text) noexcept {
        return text.find_first_of("&=<\n") != std::string_view::npos;
    }
    // The same under this policy. That a text is not neutral is remembered until the next one that is none:
    // who asks asks again when he visits it.
    bool is_neutral_text(std::string_view text) noexcept {
        if (text.data() == suspicious_text_) return false;
        if (has_nothing_to_scan(text)) return true;
        suspicious_text_ = text.data();
        return false;
    }
    // Whether the policy has rules by keys: names in a text have them, too.
    bool rules_names() const noexcept { return !policy_.keys().empty(); }
    // Of a member of the open object, which has no shape: whether neither its name nor what may stand beside
    // it says anything of it, so that it need not be visited where is_neutral() says so of its value, by
    // context. REQUIRES: path_is_neutral().
    bool is_neutral_name(std::string_view name, MemberContext& context) noexcept {
        (void)guarded([&] {
            const NameInfo& info = path_.look_up(name);
            if (info.clean && !info.name_class.has(kBareName | kNamePart))
                context = path_.member_context(info);
            return Verdict::kKeep;
        });
        return context.by_itself;
    }
    // The name of a member of the open object that will be visited soon.
    void expect_name(std::string_view name) const noexcept { path_.expect(name); }
    static bool is_neutral(unsigned integer_digits, bool fraction) noexcept {
        return fraction || integer_digits < 12 || integer_digits > 19;
    }

    // Whether the next value, if it is a number with so many digits before the point, has to be visited as
    // text. If not, visit it by skipped_number(): the caller saves itself the conversion.
    bool wants_number(unsigned integer_digits, bool fraction) const noexcept {
        return path_.is_suspicious() || !is_neutral(integer_digits, fraction);
    }
    Verdict skipped_number() noexcept;

    // Whether the next value, a string with this text or any other, is judged by what stands beside it. Then
    // each member of the open object is to be shown, itself too, by sibling(name), and, where that is true,
    // its text, or those of the object or array in its place, by sibling_label(), where
    // labels_may_be_numbers() also its number; then siblings_end().
    bool wants_siblings(std::string_view text) const noexcept { return path_.wants_siblings(text); }
    bool container_wants_siblings() const noexcept { return path_.container_wants_siblings(); }
    bool sibling(std::string_view name) noexcept {
        bool label = false;
        (void)guarded([&] {
            label = path_.sibling(name);
            return Verdict::kKeep;
        });
        return label;
    }
    bool labels_may_be_numbers() const noexcept { return path_.labels_may_be_numbers(); }
    // The same of member i of the open object, whose shape is known.
    bool sibling(const Shape& shape, size_t i, std::string_view name) const noexcept {
        return path_.sibling(shape, i, name);
    }
    void sibling_label(std::string_view text) noexcept {
        (void)guarded([&] {
            path_.sibling_label(text);
            return Verdict::kKeep;
        });
    }
    // The same of the texts in a value that is JSON.
    void sibling_value(std::string_view json) noexcept;
    void siblings_end() noexcept { path_.siblings_end(); }
    // Then also whether labels in the other elements of a list are to be shown: see PathContext.
    bool wants_elements() const noexcept { return path_.wants_elements(); }
    bool element_name(std::string_view name) noexcept {
        bool label = false;
        (void)guarded([&] {
            label = path_.element_name(name);
            return Verdict::kKeep;
        });
        return label;
    }
    void element_label(std::string_view text) noexcept {
        (void)guarded([&] {
            path_.element_label(text);
            return Verdict::kKeep;
        });
    }
    void elements_end() noexcept { path_.elements_end(); }

    // What an array holds, before it begins: fill preview(); where wants_headers(), show each member of the
    // open object by header(name), and where that is true each element of its array, by header_column(), and
    // the texts in it, by header_text(); the same of an object's members where header_holder(name) is true;
    // then headers_end(). Last take_preview().
    ArrayPreview& preview() noexcept { return path_.preview(); }
    bool wants_headers() const noexcept { return path_.wants_headers(); }
    static bool header_holder(std::string_view name) noexcept { return PathContext::holds_header(name); }
    bool header(std::string_view name) noexcept {
        bool is_header = false;
        (void)guarded([&] {
            is_header = path_.begin_header(name);
            return Verdict::kKeep;
        });
        return is_header;
    }
    void header_column() noexcept {
        (void)guarded([&] {
            path_.header_column();
            return Verdict::kKeep;
        });
    }
    void drop_header() noexcept {
        (void)guarded([&] {
            path_.drop_header();
            return Verdict::kKeep;
        });
    }
    void header_text(std::string_view text) noexcept {
        (void)guarded([&] {
            path_.header_text(text);
            return Verdict::kKeep;
        });
    }
    void headers_end() noexcept { path_.headers_end(); }
    void take_preview() noexcept {
        (void)guarded([&] {
            path_.take_preview();
            return Verdict::kKeep;
        });
    }

    // A whole document as JSON text: kKeep; kReplace with the edited text, in which everything that stays is
    // the same bytes; or kError, also when it is not JSON. Begins the document itself.
    Verdict json_text(std::string_view text) noexcept;

    // After a document: what a large one needed is not kept; true when it was much. replacement() and
    // matches() are gone.
    bool give_back() noexcept;

    // Valid until the next call.
    std::string_view replacement() const { return replacement_; }
    bool found() const { return found_; }
    const std::vector<Match>& matches() const { return matches_; }
    const Status& status() const { return status_; }
    // Of a long document, once they have been taken.
    void forget_matches() { matches_.clear(); }

  private:
    struct Decision {
        Action action = Action::kPass;
        const Rule* rule = nullptr;
    };
    // What replaces text[begin, end).
    struct Edit {
        uint32_t begin, end;
        Action action;
        std::string text;
    };
    struct Level;
    struct View;

    Verdict begin_container(bool array) noexcept;
    void end_container() noexcept;
    // Nothing gets out as an exception: whatever goes wrong makes the document unusable.
    template <class Body>
    Verdict guarded(Body&& body) noexcept {
        try {
            if (!status_.ok()) return Verdict::kError;
            return body();
        } catch (const std::bad_alloc&) {
            status_ = Status::out_of_memory();
        } catch (const std::exception& error) {
            note_exception(error);
        }
        return Verdict::kError;
    }
    void note_exception(const std::exception& error) noexcept;
    Verdict fail(Status status);

    // scrubber.cpp
    Verdict replace_name(const NameInfo& info, std::string_view text);
    Verdict scan_string(std::string_view text);
    bool goes_by_name(std::string_view text, const ValueContext& context) const;
    bool goes_beside_card(std::string_view text, bool number);
    static bool is_plain_form(std::string_view text, const ValueContext& context);
    bool goes_with_its_groups(std::string_view text);
    Verdict scan_number(std::string_view text);
    Verdict apply_whole_rule(const Rule& rule, std::string_view text, const ValueContext& context);
    // What is_neutral_text() asks.
    bool has_nothing_to_scan(std::string_view text) {
        const bool ruled = rules_names() && may_have_ruled_names(text);
        return !ruled && (!may_hold_pii(text) || is_plain_value(text) || plain_texts_.is_plain(text));
    }
    Verdict finish(std::string_view text, const ValueContext& context, bool key);
    static std::vector<Edit> merge(std::vector<Edit> edits);
    static std::string apply(std::string_view text, const std::vector<Edit>& edits);
    Decision decide(Detector detector) const;
    const Rule* whole_value_rule() const;
    bool needs_text() const { return mode_ == Mode::kScrub; }
    bool note(Detector detector, const Decision& decision);
    void add_edit(std::vector<Edit>& edits, uint32_t begin, uint32_t end, Detector detector,
                  const Decision& decision, std::string_view original, std::string_view folded);
    void add_edit(std::vector<Edit>& edits, uint32_t begin, uint32_t end, const Decision& decision,
                  ActionInput input);
    Level& level();

    // scrub_patterns.cpp: a policy's own patterns
    void collect_patterns(const View& view, const ValueContext& context, std::vector<Edit>& edits);
    bool next_match(const Rule& rule, std::string_view text, size_t from, std::string_view& match);

    // scrub_emv.cpp: chip card data
    bool collect_emv(const View& view, std::vector<Edit>& edits);
    void collect_parted_emv(const View& view, std::vector<Edit>& edits);
    bool collect_named_emv(const View& view, bool sure, std::vector<Edit>& edits);
    void collect_tlv(const View& view, size_t begin, size_t end, EmvTlv& tlv, std::vector<Edit>& edits);
    std::string scrub_tlv(EmvTlv& tlv, bool& changed);

    // scrub_rules.cpp: rules over whole values
    Verdict finish_by_rule(const Rule& rule, std::string_view text, const ValueContext& context);
    Verdict number_by_rule(const Rule& rule, std::string_view text);

    // scrub_text.cpp: the findings of one string, as edits
    // documents: also in those that the string holds.
    void collect(std::string_view text, const ValueContext& context, bool key, bool documents,
                 std::vector<Edit>& edits);
    void collect_lines(const View& view, const ValueContext& context, bool key, std::vector<Edit>& edits);
    void collect_values(const View& view, const ValueContext& context, std::vector<Edit>& edits);
    std::string decoded(const View& view, uint32_t begin, uint32_t end) const;
    void collect_subject(const View& view, const ValueContext& context, std::vector<Edit>& edits);
    void collect_form(const View& view, std::vector<Edit>& edits);
    void collect_codes(const View& view, std::vector<Edit>& edits);
    void collect_tables(const View& view, std::vector<Edit>& edits);
    RuledNames ruled_names() const;
    void collect_cells(const View& view, const std::vector<NamedCell>& cells, std::vector<Edit>& edits);
    void collect_cell(const View& view, const NamedCell& cell, std::vector<Edit>& edits);
    void collect_pair(const View& view, std::string_view key, size_t begin, size_t end,
                      std::vector<Edit>& edits);
    struct RuledPair {
        std::string_view key;
        int custom;         // its index in Policy::keys()
        size_t begin, end;  // of the value
        bool form;          // percent-encoded, with '+' for a blank
    };
    void collect_ruled_pair(const View& view, const RuledPair& pair, std::vector<Edit>& edits);
    void fail_closed(std::string_view text, std::vector<Edit>& edits);
    bool own_token(Detector detector, std::string_view folded, const Decision& decision) const;
    void blank_envelopes(std::string& text) const;

    // scrub_embedded.cpp: documents inside strings
    bool collect_document(const View& view, size_t begin, size_t length, std::vector<Edit>& edits);
    bool collect_whole_json(const View& view, std::vector<Edit>& edits);
    bool collect_json(const View& view, std::vector<Edit>& edits);
    void collect_broken_json(const View& view, std::vector<Edit>& edits);
    bool collect_base64(const View& view, const ValueContext& context, std::vector<Edit>& edits);
    bool collect_base64_run(const View& view, const Base64Run& run, const ValueContext& context,
                            std::vector<Edit>& edits);
    bool spend(size_t bytes);
    bool edit_json(std::string_view text, std::vector<Edit>& edits);

    const Policy& policy_;
    const KeyRing* keys_;
    const Mode mode_;
    PathContext path_;
    std::vector<std::unique_ptr<Level>> levels_;  // one for each layer of embedding that was ever reached
    size_t depth_ = 0;
    const char* suspicious_text_ = nullptr;  // see is_neutral_text()
    PlainTexts plain_texts_;
    size_t string_size_ = 0;                         // of the value that is judged
    size_t largest_text_ = 0;                        // that was scanned since give_back()
    uint64_t spent_ = 0;                             // bytes decoded in this document
    uint64_t pattern_text_ = 0, pattern_given_ = 0;  // bytes of texts for patterns; that RE2 was given
    bool over_budget_ = false;
    bool touched_ = false;   // something was found, whatever became of it
    bool removes_ = false;   // something that was found goes
    bool checking_ = false;  // scanning our own output: findings are not recorded again
    // Nothing but verification data is taken out: a rule decides over the rest.
    bool only_verification_ = false;
    std::string replacement_;
    std::vector<Match> matches_;
    Status status_;
    bool found_ = false;
};

}  // namespace gpsync::core::pii
