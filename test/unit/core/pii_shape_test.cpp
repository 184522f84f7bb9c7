// Documents visited by the shapes of their objects, against the same documents visited name by name.
#include "core/pii/document/shape.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "core/pii/document/scrubber.hpp"
#include "core/pii/json_reader.hpp"

namespace gpsync::core::pii {
namespace {

using Token = JsonReader::Token;

struct Event {
    Token token;
    std::string text;
    size_t end = 0;                 // of a container: the event that ends it
    std::vector<std::string> keys;  // of an object
    std::string key_bytes, key_cuts;
};
using Document = std::vector<Event>;

Document cut(const std::string& json) {
    Document document;
    std::vector<size_t> open;
    JsonReader reader(json);
    for (Token token = reader.next(); token != Token::kEnd; token = reader.next()) {
        EXPECT_NE(token, Token::kError) << json;
        if (token == Token::kError) break;
        document.push_back({token, std::string(reader.value()), 0, {}, {}, {}});
        if (token == Token::kBeginObject || token == Token::kBeginArray) {
            open.push_back(document.size() - 1);
        } else if (token == Token::kEndObject || token == Token::kEndArray) {
            document[open.back()].end = document.size() - 1;
            open.pop_back();
        } else if (token == Token::kName) {
            Event& object = document[open.back()];
            object.keys.push_back(document.back().text);
            object.key_bytes += document.back().text;
            object.key_cuts.push_back(static_cast<char>(document.back().text.size()));
        }
    }
    return document;
}

// Visits a document, and writes down the verdict on each value. With shapes, values that need not be visited
// are passed over.
class Judge {
  public:
    Judge(Scrubber& scrubber, const Document& document, bool shapes)
        : scrubber_(scrubber), document_(document), shapes_(shapes) {}

    std::string run() {
        scrubber_.begin_document();
        visit(0);
        for (const Match& match : scrubber_.matches()) log_ += match.path + ' ';
        return log_ + (scrubber_.found() ? "found" : "clean");
    }
    size_t passed_over() const { return passed_over_; }

  private:
    void note(size_t at, Verdict verdict) {
        ASSERT_NE(verdict, Verdict::kError) << scrubber_.status().message;
        if (verdict == Verdict::kKeep) return;
        log_ += std::to_string(at) + (verdict == Verdict::kRemove ? " goes" : " becomes ");
        if (verdict == Verdict::kReplace) log_ += scrubber_.replacement();
        log_ += '\n';
    }

    size_t visit(size_t at) {
        switch (document_[at].token) {
            case Token::kBeginObject:
                return object(at);
            case Token::kBeginArray:
                return array(at);
            default:
                note(at, scalar(document_[at]));
                return at + 1;
        }
    }

    size_t object(size_t at) {
        const Event& event = document_[at];
        const Verdict verdict = scrubber_.begin_object();
        note(at, verdict);
        if (verdict != Verdict::kKeep) return event.end + 1;
        const Shape* shape = nullptr;
        const NameBlock keys{event.key_cuts, event.key_bytes, static_cast<uint32_t>(event.keys.size())};
        if (shapes_)
            shape = scrubber_.shape(keys, [&](uint32_t i) { return std::string_view(event.keys[i]); });
        const bool passed_over = shape != nullptr && scrubber_.path_is_neutral();
        size_t next = at + 1;
        for (size_t i = 0; next < event.end; ++i) {
            object_ = at;
            const size_t key = next++;
            if (passed_over && shape->context(i).by_itself && holds_nothing(next, shape->context(i))) {
                ++passed_over_;
                next = behind(next);
                continue;
            }
            if (shape != nullptr)
                scrubber_.member(*shape, i);
            else
                note(key, scrubber_.name(document_[key].text));
            next = visit(next);
        }
        scrubber_.end_object();
        return event.end + 1;
    }

    size_t array(size_t at) {
        const Event& event = document_[at];
        const Verdict verdict = scrubber_.begin_array();
        note(at, verdict);
        if (verdict != Verdict::kKeep) return event.end + 1;
        const MemberContext context = shapes_ ? scrubber_.element_context() : MemberContext();
        for (size_t next = at + 1; next < event.end;)
            next = context.by_itself && holds_nothing(next, context) ? behind(next) : visit(next);
        scrubber_.end_array();
        return event.end + 1;
    }

    // What stands beside a value that is judged by it.
    void show_siblings(std::string_view text) {
        if (!scrubber_.wants_siblings(text)) return;
        for (size_t key = object_ + 1; key < document_[object_].end; key = behind(key + 1)) {
            const Event& value = document_[key + 1];
            if (scrubber_.sibling(document_[key].text) && value.token == Token::kString)
                scrubber_.sibling_label(value.text);
        }
        scrubber_.siblings_end();
    }

    size_t behind(size_t at) const { return std::max(document_[at].end, at) + 1; }

    // As pg/scrub/jsonb_neutral.h does it.
    bool holds_nothing(size_t at, const MemberContext& context) {
        const Event& event = document_[at];
        if (event.token == Token::kBeginArray) {
            for (size_t next = at + 1; next < event.end; next = behind(next))
                if (!holds_nothing(next, context)) return false;
            return true;
        }
        const bool may_be_name =
            context.by_words && event.token == Token::kString && may_be_persons_name(event.text);
        if (event.token != Token::kBeginObject) return is_neutral(event) && !may_be_name;
        if (event.keys.empty()) return true;
        const Shape* shape = context.neutral ? scrubber_.known_shape(keys_of(event), context) : nullptr;
        if (shape == nullptr || !shape->all_by_itself()) return false;
        size_t next = at + 1;
        for (size_t i = 0; next < event.end; ++i, next = behind(next))
            if (!holds_nothing(++next, shape->context(i))) return false;
        return true;
    }

    static NameBlock keys_of(const Event& event) {
        return {event.key_cuts, event.key_bytes, static_cast<uint32_t>(event.keys.size())};
    }

    static bool is_neutral(const Event& event) {
        switch (event.token) {
            case Token::kString:
                return Scrubber::is_neutral(event.text);
            case Token::kNumber:
                return event.text.size() < 12;
            case Token::kTrue:
            case Token::kFalse:
            case Token::kNull:
                return true;
            default:
                return false;
        }
    }

    Verdict scalar(const Event& event) {
        switch (event.token) {
            case Token::kString:
                show_siblings(event.text);
                return scrubber_.string(event.text);
            case Token::kNumber:
                show_siblings({});
                return scrubber_.number(event.text);
            case Token::kTrue:
            case Token::kFalse:
                return scrubber_.boolean(event.token == Token::kTrue);
            default:
                return scrubber_.null();
        }
    }

    Scrubber& scrubber_;
    const Document& document_;
    const bool shapes_;
    std::string log_;
    size_t passed_over_ = 0, object_ = 0;  // object_: the open one
};

// The document under the key of the labelled sets' lines, and some whose members explain each other.
std::vector<std::string> documents() {
    std::vector<std::string> all = {
        R"({"customer": {"name": "Joe Example", "city": "Riga"}, "product": {"name": "Joe Example"}})",
        R"({"type": "lastName", "value": "Example", "note": "Example"})",
        R"({"type": "colour", "value": "Example", "note": "Example"})",
        R"({"list": [{"name": "birthDate", "value": "1980-01-02"}, {"name": "size", "value": "1980-01-02"}]})",
        R"({"card": {"number": "12345678", "holder": {"name": "Joe"}}, "number": "12345678"})",
        R"({"fields": {"email": {"stringValue": "joe@example.com"}, "displayName": {"stringValue": "Joe Example"}}})",
        R"({"approvedBy": "jan.kowalski", "x1": 1, "login": "mary_ridgeway", "hostname": "Pooja's iPad"})",
        R"({"x1": {"from": "447700900775", "to": "33612345678"}, "session_id": "4L9xjjguIJ13O4XUWYalYFwLJnQS4nKWK"})",
        R"({"x1": {"pan": "4111111111111111", "expiry": "2029-11-30"}, "card": {"expiry": "2029-11-30"}})",
        R"({"joe@example.com": "x", "customerReferenceNumberOfThePartner": "y", "tokenUniqueReference": "z"})",
        R"({"a": {"b": {"c": {"x1": true, "x2": null, "x3": 41.5, "x4": 4111111111111111,)"
        R"( "x5": "4111111111111111"}}}})",
        R"({"x1": "a", "x2": ["b", 4111111111111111, "joe@example.com"], "ssn": {"deep": ["x",)"
        R"( {"y": "078-05-1120"}]}})"};
    for (const char* name : {"generated.jsonl", "handwritten.jsonl"}) {
        std::ifstream file(std::string(PII_LABELLED_DIR) + "/" + name);
        for (std::string line; std::getline(file, line);) all.push_back(line);
    }
    return all;
}

void expect_same(const Policy& policy, Mode mode) {
    size_t passed_over = 0;
    Scrubber by_shape(policy, nullptr, mode);
    for (const std::string& json : documents()) {
        const Document document = cut(json);
        Scrubber by_key(policy, nullptr, mode);
        const std::string expected = Judge(by_key, document, false).run();
        for (int time = 0; time < 3; ++time) {  // the third goes by shapes wherever it can
            Judge teller(by_shape, document, true);
            ASSERT_EQ(teller.run(), expected) << json;
            passed_over += teller.passed_over();
        }
    }
    EXPECT_EQ(passed_over > 1000, mode != Mode::kFind);
}

// Only what lists the names of its columns says so, and that is read where the list of values is visited.
TEST(PiiShape, LeavesNoListOfValuesByItself) {
    Scrubber scrubber(Policy::payments(), nullptr, Mode::kScrub);
    const Document document = cut(R"({"columns": ["id", "lastName"], "row": [7, "Example"]})");
    const Event& object = document[0];
    const NameBlock keys{object.key_cuts, object.key_bytes, static_cast<uint32_t>(object.keys.size())};
    const Shape* shape = nullptr;
    for (int time = 0; time < 2; ++time) {
        scrubber.begin_document();
        (void)scrubber.begin_object();
        shape = scrubber.shape(keys, [&](uint32_t i) { return std::string_view(object.keys[i]); });
    }
    ASSERT_NE(shape, nullptr);
    EXPECT_TRUE(shape->context(0).by_itself);
    EXPECT_FALSE(shape->context(1).by_itself);
}

TEST(PiiShape, AnswersAsKeyByKey) {
    for (const Mode mode : {Mode::kScrub, Mode::kTest, Mode::kFind}) expect_same(Policy::payments(), mode);
}

TEST(PiiShape, AnswersAsKeyByKeyUnderRulesOfKeys) {
    Policy policy;
    const Status status = parse_policy(
        "test@1",
        R"([{"key": ["note", "x2", "detail"], "action": "remove"}, {"detector": "email", "action": "mask"}])",
        nullptr, policy);
    ASSERT_TRUE(status.ok()) << status.message;
    for (const Mode mode : {Mode::kScrub, Mode::kFind}) expect_same(policy, mode);
}

NameBlock block(std::string_view cuts, std::string_view bytes) {
    return {cuts, bytes, static_cast<uint32_t>(cuts.size())};
}

const Shape* add(ShapeCache& cache, const NameBlock& keys, const std::vector<std::string_view>& names) {
    MemberLabels labels;
    for (const std::string_view name : names) labels.add(name);
    return cache.add(keys, Shape(std::vector<NameInfo>(names.size())), std::move(labels));
}

TEST(PiiShape, IsKeptWhenItsKeysComeForTheSecondTime) {
    ShapeCache cache;
    const NameBlock keys = block("\1\2", "abc");
    EXPECT_EQ(cache.find(keys), nullptr);
    EXPECT_FALSE(cache.wanted());
    EXPECT_EQ(cache.find(keys), nullptr);
    EXPECT_TRUE(cache.wanted());
    const Shape* shape = add(cache, keys, {"a", "b\"c"});
    EXPECT_EQ(cache.find(keys), shape);
    EXPECT_EQ(cache.find(keys), shape);
    EXPECT_EQ(shape->label(0), R"("a":)");
    EXPECT_EQ(shape->label(1), R"(,"b\"c":)");
    EXPECT_EQ(shape->name(0), R"("a")");
    EXPECT_EQ(shape->name(1), R"("b\"c")");
    EXPECT_EQ(cache.find(block("\2\1", "abc")), nullptr);
    EXPECT_EQ(cache.find(block("\1\2", "abd")), nullptr);
    NameBlock elsewhere = keys;
    elsewhere.parent = 7;
    EXPECT_EQ(cache.find(elsewhere), nullptr);
}

TEST(PiiShape, OthersInTurnDoNotKeepItFromBeingKept) {
    ShapeCache cache;
    size_t wanted = 0;
    for (int turn = 0; turn < 2; ++turn) {
        for (int i = 0; i < 200; ++i) {
            const std::string name = "k" + std::to_string(1000 + i);
            (void)cache.find(block("\5", name));
            wanted += cache.wanted();
        }
    }
    EXPECT_GT(wanted, 190U);
}

TEST(PiiShape, OfManyKindsAreForgottenBetweenDocuments) {
    ShapeCache cache;
    size_t kept = 0;
    for (int i = 0; i < 1000; ++i) {
        const std::string name = "k" + std::to_string(i);
        const std::string cuts(1, static_cast<char>(name.size()));
        const NameBlock keys = block(cuts, name);
        (void)cache.find(keys);
        (void)cache.wanted();
        if (cache.wanted()) kept += add(cache, keys, {name}) != nullptr;
    }
    EXPECT_EQ(kept, 256U);
    EXPECT_NE(cache.find(block("\2", "k0")), nullptr);
    cache.begin_document();
    EXPECT_EQ(cache.find(block("\2", "k0")), nullptr);
}

}  // namespace
}  // namespace gpsync::core::pii
