// Names of one word that say something only beside another part, or that say what kind of a name they are; in
// lower case without accents, as the words of vocabulary.hpp are.
#pragma once

#include <string_view>

namespace gpsync::core::pii::vocabulary {

// Parts of a person's name that say so beside each other: FHIR; the same in Slavic languages and in Russian
// health insurance ("FAM", "IM").
inline constexpr std::string_view kGivenParts[] = {"given", "im", "ime", "imya"};
inline constexpr std::string_view kFamilyParts[] = {"family", "fam", "familia", "familija", "familiya"};
// Parts of an address that say so beside each other: Italian.
inline constexpr std::string_view kStreetParts[] = {"via", "civico"};
inline constexpr std::string_view kTownParts[] = {"cap", "comune"};
// What a "date" is called below a birth: {"geboorte": {"datum": …}}.
inline constexpr std::string_view kDates[] = {"data",   "datas", "date",    "dato",    "datum",     "datums",
                                              "dzien",  "fecha", "ngay",    "paiva",   "tanggal",   "tarih",
                                              "tarihi", "дата",  "datumas", "kuupaev", "paivamaara"};
// Words for "name" in languages that do not call a person's name so: of goods and of companies.
inline constexpr std::string_view kDesignations[] = {
    "nazwa",      "nazev",    "nazov",     "назва",         "bezeichnung", "benaming",     "benamning",
    "betegnelse", "denumire", "denumirea", "denominazione", "descripcion", "designation",  "megnevezes",
    "naziv",      "nimetus",  "nosaukums", "omschrijving",  "pavadinimas", "наименование", "найменування"};

}  // namespace gpsync::core::pii::vocabulary
