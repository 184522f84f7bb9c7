// What is remembered of names, and what the ends of words say.
#include "core/pii/document/name_cache.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "core/pii/names/name_words.hpp"
#include "core/pii/secret_names.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {
namespace {

NameInfo info_of(unsigned i) {
    NameInfo info;
    info.name_class.flags = i % 7;
    info.custom = static_cast<int>(i % 3);
    info.clean = i % 5 != 0;
    return info;
}
std::string name_of(unsigned i) {
    return std::string(i % 40, 'n') + std::to_string(i);
}

// Names are forgotten where there is no room for all, but none is taken for another.
TEST(PiiNameCache, SaysOfANameWhatWasSaidOfIt) {
    NameCache cache;
    std::mt19937 random(7);
    size_t found = 0;
    for (int document = 0; document < 2000; ++document) {
        cache.begin_document();
        for (int n = 0; n < 100; ++n) {
            const unsigned i = random() % 100000;
            const std::string name = name_of(i);
            const NameCache::Key key(name, i % 2);
            if (NameCache::Entry* known = cache.find(key)) {
                ++found;
                ASSERT_EQ(known->info(), info_of(i)) << name;
            } else {
                ASSERT_EQ(cache.add(key, info_of(i)).info(), info_of(i));
                ASSERT_NE(cache.find(key), nullptr);
            }
        }
    }
    EXPECT_GT(found, 50000u);
}

TEST(PiiNameCache, TellsObjectsApart) {
    NameCache cache;
    cache.add({"name", 1}, info_of(1));
    EXPECT_EQ(cache.find({"name", 2}), nullptr);
    EXPECT_EQ(cache.find({"nama", 1}), nullptr);
    cache.find({"name", 1})->set_clean();
    EXPECT_TRUE(cache.find({"name", 1})->info().clean);
}

// So many kinds of information that they are all dropped.
TEST(PiiNameCache, BoundsWhatIsKnown) {
    NameCache cache;
    for (int i = 0; i < 20000; ++i) {
        cache.begin_document();
        NameInfo info;
        info.custom = i;
        const std::string name = "n" + std::to_string(i);
        ASSERT_EQ(cache.add({name, 0}, info).info().custom, i);
        ASSERT_EQ(cache.find({name, 0})->info().custom, i);
    }
    EXPECT_EQ(cache.find({"n0", 0}), nullptr);
}

TEST(PiiWordEnds, AreTheSameAloneAndInAText) {
    WordEnds<12> ends;
    ends.add("apikey");
    for (const std::string word : {"apikey", "APIKEY", "myApiKey", "key", "EY", "y"}) {
        EXPECT_TRUE(ends.has(WordEnd(word))) << word;
        for (size_t before = 0; before < 6; ++before) {
            const std::string text = std::string(before, 'x') + word + "yes";
            EXPECT_TRUE(ends.has(WordEnd(text, before, word.size()))) << text;
        }
    }
    for (const std::string word : {"apikeys", "ke", "e", "keyy", "iked"})
        EXPECT_FALSE(ends.has(WordEnd(word))) << word;
}

TEST(PiiWordEnds, OfEveryNameOfASecret) {
    const std::string names[] = {
        "password",        "db_pass word",  "motDePasse",      "api-key",        "apiKey",
        "A P I K E Y",     "client.secret", "accessToken",     "x-api_key",      "PWD",
        "x.sig",           "0pwd",          "userPwd",         "dbPw",           "aPsk",
        "x9sig",           "Set-Cookie",    "authorization",   "idToken",        "jsessionid",
        "secret_key.base", "curl -u joe-1", "--user 'joe.doe", "--proxy-user 7", "id_to ken"};
    for (const std::string& name : names)
        for (const std::string behind : {"", "\"", " ", " (required)", "' "}) {
            const std::string text = "see " + name + behind;
            ASSERT_NE(secret_name_at_end(text), SecretName::kNone) << text;
            std::vector<Token> words;
            tokenize(text, 0, text.size(), words);
            bool any = false;
            for (const Token& w : words) any |= may_end_secret_name(WordEnd(text, w.begin, w.size()));
            EXPECT_TRUE(any) << text;
        }
}

}  // namespace
}  // namespace gpsync::core::pii
