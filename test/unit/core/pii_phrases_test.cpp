// Names and addresses that a phrase in front of them says in running text.
#include <gtest/gtest.h>

#include <string>

#include "core/pii/detect/phrases.hpp"
#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {
namespace {

std::string text_scrubbed(std::string_view text) {
    const std::string document = "{\"n\":" + in_quotes(text) + "}";
    const std::string once = scrubbed(document);
    EXPECT_EQ(scrubbed(once), once) << text;
    EXPECT_FALSE(has_pii(once)) << once;
    EXPECT_EQ(has_pii(document), once != document) << text;
    return once;
}
// text has what goes in braces.
void expect_gone(std::string_view text) {
    std::string before, expected;
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '{')
            expected += "[removed]";
        else if (text[i] != '}' && (text.rfind('{', i) == std::string_view::npos ||
                                    text.substr(text.rfind('{', i), i - text.rfind('{', i)).find('}') !=
                                        std::string_view::npos))
            expected.push_back(text[i]);
        if (text[i] != '{' && text[i] != '}') before.push_back(text[i]);
    }
    EXPECT_EQ(text_scrubbed(before), "{\"n\":" + in_quotes(expected) + "}");
}
void expect_stays(std::string_view text) {
    EXPECT_EQ(text_scrubbed(text), "{\"n\":" + in_quotes(text) + "}");
}

TEST(PiiPhrases, GreetingsNameSomebody) {
    for (const std::string_view text : {"Dear {Martha Quinn},\nthank you for your order.",
                                        "Hi {Martha},\nthank you",
                                        "hello {Martha}!\nHow are you",
                                        "Dear Mr. {Quinn}, your order",
                                        "Sehr geehrte Frau {Müller},\nvielen Dank",
                                        "Hallo {Dagmar},\nalles gut?",
                                        "Bonjour Mme {Dupont}, merci",
                                        "Chère {Marie},\nmerci",
                                        "Estimado Sr. {García}: gracias",
                                        "Gentile Sig.ra {Rossi},\ngrazie",
                                        "Prezado {João Silva},\nobrigado",
                                        "Geachte mevrouw {Jansen},\nbedankt",
                                        "Szanowna Pani {Kowalska},\nx",
                                        "Sayın {Ayşe Yılmaz},\nx",
                                        "Уважаемый {Иван Петров}!\nСпасибо",
                                        "Order 7:\n> Dear {Martha},\n> yes",
                                        "Thank you {Martha}. Bye",
                                        "Dear {Martha} and {Dagmar},\nthanks",
                                        "Hi {Martha} - thanks\nbye",
                                        "Dear Prof. Dr. {Weiß},\nx",
                                        "<p>Dear {Martha Quinn},</p><p>Thank you</p>",
                                        "<b>Hi {Martha}</b>"})
        expect_gone(text);
}

TEST(PiiPhrases, ClosingsAreAboveTheirWriter) {
    for (const std::string_view text :
         {"Yes.\nBest regards,\n{Martha Quinn}", "Yes.\n\nSincerely,\n\n{Martha Quinn}\nAcme Inc.",
          "Ja.\nMit freundlichen Grüßen\n{Dagmar Weiß}", "Oui.\nCordialement,\n{Marie Dupont}",
          "Si.\nUn saludo,\n{María García}\n", "Да.\nС уважением,\n{Иван Петров}"})
        expect_gone(text);
    for (const std::string_view text : {"Thanks,\nThe Acme Team", "Best,\nCustomer Service",
                                        "Regards,\nShop Team", "Thanks,\nplease review"})
        expect_stays(text);
}

TEST(PiiPhrases, StatementsNameSomebody) {
    for (const std::string_view text :
         {"my name is {Martha Quinn}", "Hello, my name is {Martha Quinn}. I need help",
          "Mein Name ist {Dagmar Weiß}", "Je m'appelle {Marie Dupont}", "Me llamo {María García}",
          "Mi chiamo {Marco Rossi}, grazie", "Meu nome é {João Silva}", "Mijn naam is {Piet de Vries}",
          "Nazywam się {Anna Kowalska}", "Benim adım {Ayşe Yılmaz}", "Меня зовут {Иван Петров}",
          "Signed by {Martha Quinn}",
          "agent: hello\ncustomer: Hi, my name is {Martha Quinn} and my PIN is {4821}.\nagent: Thank you "
          "{Martha}, ok"})
        expect_gone(text);
}

TEST(PiiPhrases, StatementsNameAPlace) {
    for (const std::string_view text :
         {"I live at {12 Main Street, Springfield}", "I live at {7 Mill Lane, Leeds}. Thanks",
          "a\nMy address is {12 Main St. Springfield} and it is red",
          "Ich wohne in {der Hauptstraße 12, 10115 Berlin}"})
        expect_gone(text);
    for (const std::string_view text : {"I live at home, 24 hours a day.", "My address is 0x7f12ab",
                                        "I live at the office", "my address is wrong"})
        expect_stays(text);
}

TEST(PiiPhrases, TitlesNameSomebodyWithAGivenName) {
    for (const std::string_view text :
         {"Mr. {John Smith} called", "Frau {Anna Schmidt} hat angerufen", "Dr. {Anna Schmidt}, Praxis",
          "Called at 10.\nSpoke with Mrs. {Martha Quinn} and left", "Señora {María García} llamó"})
        expect_gone(text);
    for (const std::string_view text :
         {"Mr. Coffee", "Dr. Pepper, 330 ml", "Frau Holle, ein Märchen", "Madame Tussauds, London",
          "Sr. Software Engineer, Berlin", "Ms. Pac-Man, a game", "Don Quixote, a book", "Herr Müller sagt"})
        expect_stays(text);
}

TEST(PiiPhrases, CodesOnTheBackOfACard) {
    for (const std::string_view text :
         {"the code on the back is {512}", "the three digits on the back are {512}",
          "Der Code auf der Rückseite ist {512}", "le code au dos est {512}",
          "el número en el reverso es {512}"})
        expect_gone(text);
    for (const std::string_view text : {"see the notes on the back, page 12", "screw 123 is on the back"})
        expect_stays(text);
}

TEST(PiiPhrases, AnswersToQuestionsForCodes) {
    for (const std::string_view text :
         {"agent: what is your CVV?\ncustomer: {512}", "What is the security code?\nit's {512}",
          "Agent: and the three digits on the back?\nCustomer: {512}.", "Wie lautet Ihre PIN?\nKunde: {4821}",
          "Quel est votre cryptogramme ?\nclient : {512}"})
        expect_gone(text);
    for (const std::string_view text :
         {"x\nagent: what is your CVV?\ncustomer: 51234",
          "agent: did you get the CVV?\ncustomer: yes, in 2021 or so I think", "Which port?\n5432",
          "What is your code?\n512", "is it for order 7?\nA: 512", "what is your PIN?\n2026-11-22"})
        expect_stays(text);
}

TEST(PiiPhrases, BirthsInMoreLanguages) {
    for (const std::string_view text : {"née le {3 février 1980} à Lyon", "född den {3 februari 1980}",
                                        "urodzona dnia {3 lutego 1980}", "født {3. februar 1980}"})
        expect_gone(text);
}

TEST(PiiPhrases, LabelsOfMoreLanguages) {
    expect_gone("Nom : {Marie Dupont}");
    expect_gone("Imię i nazwisko: {Anna Kowalska}");
    expect_stays("Time : Now");
}

TEST(PiiPhrases, LeaveWhoIsNobody) {
    for (const std::string_view text : {"Dear customer,\nthank you",
                                        "Dear Sir or Madam,\nthank you",
                                        "Hi there,\nx",
                                        "Hi team,\nall fine",
                                        "Hi all,\nplease review",
                                        "Dear Mr. President,\nx",
                                        "Dear Hiring Manager,\nI am",
                                        "Hello World!\nDone.",
                                        "Dear Valued Customer, your order has shipped.",
                                        "Hi Everyone, meeting at 10.",
                                        "Dear Diary, today",
                                        "Signed by DigiCert Global Root",
                                        "signed by CN=foo",
                                        "Good morning Vietnam!\n",
                                        "Welcome Home, buddy.",
                                        "Pan Am Flight 103, a history",
                                        "Bay Area Rapid Transit, San Francisco",
                                        "Hi Support,\nplease",
                                        "Sehr geehrte Damen und Herren,\nx",
                                        "Hi Martha Quinn Fan Club,\nx",
                                        "Liebe Grüße aus Berlin\nx",
                                        "Hello Austin, Texas!",
                                        "Don Bosco School, Manila",
                                        "Mr. Robert Bosch GmbH",
                                        "<p>Dear customer,</p>",
                                        "Liebe Kundin,\nx",
                                        "Estimado cliente:\nx",
                                        "Hello",
                                        "hi ",
                                        "Dear ,"})
        expect_stays(text);
}

}  // namespace
}  // namespace gpsync::core::pii
