"""Kinds of the lines of business around cards: people, travel, insurance, telecoms, logistics, calls and chats."""
import json

from sixth_base import *


@with_pii
def hr_master_record():
    "HR master data in German, French, Dutch, Polish: names of fields of the payroll trade"
    c = pick(["DE", "FR", "NL", "PL", "ES", "IT"])
    p, e = v.Person(c), v.Person(c)
    f = {"DE": {"Vorname": pn(p.given), "Nachname": pn(p.family), "Geburtsname": pn(e.family), "geb. am": bd(p.dob.strftime("%d.%m.%Y")), "Steuer-IdNr": nid(p), "PrivatAnschrift": ad(p.line), "Rufnummer privat": ph(p.phone), "Gehaltskonto": ib(v.iban_any("DE")), "Notfallkontakt": pn(e.name), "Steuerklasse": "III", "Eintritt": "01.04.2019", "Kostenstelle": "4100200", "Stellenbezeichnung": "Sachbearbeiter Reklamation", "Krankenkasse": "Techniker Krankenkasse"},
         "FR": {"prenom": pn(p.given), "nom_usage": pn(p.family), "nom_naissance": pn(e.family), "date_naiss": bd(p.dob.strftime("%d/%m/%Y")), "no_secu": nid(p), "adr_postale": ad(p.line), "tel_perso": ph(p.phone), "iban_virement": ib(v.iban_any("FR")), "personne_a_prevenir": pn(e.name), "date_embauche": "01/04/2019", "coefficient": "310", "intitule_poste": "Gestionnaire litiges", "convention": "Syntec"},
         "NL": {"voornaam": pn(p.given), "achternaam": pn(p.family), "geboortedatum": bd(p.dob.strftime("%d-%m-%Y")), "bsn": nid(p), "straatEnHuisnummer": ad(p.street), "postcode": ad(p.zip), "woonplaats": ad(p.city), "telPrive": ph(p.phone), "rekeningnummerSalaris": ib(v.iban_any("NL")), "noodcontact": pn(e.name), "inDienst": "01-04-2019", "schaal": "9", "functie": "Medewerker geschillen"},
         "PL": {"imie": pn(p.given), "nazwisko": pn(p.family), "nazwiskoRodowe": pn(e.family), "dataUr": bd(p.dob.strftime("%d.%m.%Y")), "pesel": nid(p), "adresZameldowania": ad(p.line), "telKom": ph(p.phone), "rachunekDoWynagrodzen": ib(v.iban_any("PL")), "etat": "1/1", "dataZatrudnienia": "2019-04-01", "stanowisko": "Specjalista ds. reklamacji"},
         "ES": {"nombre": pn(p.given), "apellidos": pn(p.family), "fecha_nac": bd(p.dob.strftime("%d/%m/%Y")), "dni_nie": nid(p), "domicilio_particular": ad(p.line), "tlf_movil": ph(p.phone), "cuenta_nomina": ib(v.iban_any("ES")), "contacto_emergencia": pn(e.name), "fecha_alta": "01/04/2019", "categoria": "Grupo II", "puesto": "Gestor de disputas"},
         "IT": {"nome": pn(p.given), "cognome": pn(p.family), "nato_il": bd(p.dob.strftime("%d/%m/%Y")), "cod_fisc": nid(p), "residenza": ad(p.line), "tel_cell": ph(p.phone), "iban_accredito": ib(v.iban_any("IT")), "coniuge": pn(e.name), "data_assunzione": "01/04/2019", "livello": "III", "mansione": "Addetto contestazioni"}}[c]
    return pick([lambda: f, lambda: {"PersNr": v.dig(8, "0"), "Stammdaten": f}, lambda: {"employee": f, "validFrom": "2026-01-01", "version": R.randint(1, 9)}])()


@with_pii
def workday_worker():
    "Workday / BambooHR worker: Legal_Name, dependents, emergency contacts, beneficiaries, manager"
    p, q, m = v.Person(pick(["US", "CA", "GB"])), v.west(), v.west()
    return {"Worker_Data": {"Personal_Data": {"Legal_Name": {"First_Name": pn(p.given), "Last_Name": pn(p.family)}, "Preferred_First_Name": pn(p.given), "Birth_Date": bd(p.dob.isoformat() + "-08:00" if R.random() < .3 else p.dob.isoformat()), "National_ID": nid(p), "Contact": {"Address_Line_Data": ad(p.street), "Municipality": ad(p.city), "Postal_Code": ad(p.zip), "Formatted_Phone": ph(p.phone), "Email_Address": em(p.email)}},
            "Dependents": [{"Relationship": "Spouse", "Dependent_Name": pn(q.name), "Dependent_DOB": bd(v.born(q.dob))}], "Emergency_Contact": {"Name": pn(q.name), "Phone": ph(q.phone), "Priority": 1}, "Job": {"Business_Title": "Senior Disputes Analyst", "Job_Profile_Name": "Operations III", "Manager": pn(m.name), "Hire_Date": "2019-04-01", "Cost_Center": "41100 Fraud Ops", "FTE": 1.0, "Location": "Remote"}}}


@with_pii
def hotel_reservation():
    "Hotel PMS (Opera / OTA shapes): guest profile, guarantee card, accompanying guests; arrival, room, rate plan"
    p, q = v.latin(), v.latin()
    return pick([lambda: {"HotelReservation": {"UniqueID": {"Type": "14", "ID": v.dig(8)}, "ResGuests": [{"Profile": {"Customer": {"PersonName": {"NamePrefix": "Mr", "GivenName": pn(p.given), "Surname": pn(p.family)}, "Telephone": [{"PhoneNumber": ph(p.phone), "PhoneTechType": "5"}], "Email": em(p.email), "Address": {"AddressLine": [ad(p.street)], "CityName": ad(p.city), "CountryName": p.c}}}}],
                               "Guarantee": {"PaymentCard": {"CardCode": "VI", "CardNumber": pa(v.pan_any()), "ExpireDate": ex("%02d%d" % (R.randint(1, 12), R.randint(27, 33))), "CardHolderName": pn(p.card), "SeriesCode": cv(cvv())}}, "RoomStays": [{"RoomTypeCode": "DLXK", "RatePlanName": "Bed & Breakfast", "TimeSpan": {"Start": "2026-07-14", "End": "2026-07-17"}}]}},
                 lambda: o({"confirmation no|booking ref": v.dig(9), "lead guest|main guest|guest name": pn(p.shown), "accompanying guests|other guests|sharers": [pn(q.name)], "arrival": "14/07/2026", "departure": "17/07/2026", "room no": "412", "guest cell|guest phone": ph(p.phone), "guest mail|guest email": em(p.email), "guarantee card|cc number|deposit card": pa(v.pan_any()), "cc exp|cc expiry": ex(v.expiry()), "home address|guest address": ad(p.line), "rate code": "BAR20", "market segment": "LEISURE", "hotel name": "Jackson Square Hotel"})])()


@with_pii
def insurance_claim():
    "Insurance claim: claimant, insured, witness, driver with birth date, payee account; vehicle model, policy"
    p, q, w = v.with_nid(v.WEST), v.latin(), v.latin()
    return o({"claim number|claim no": "CLM-" + v.dig(8), "policy number|policy no": v.alnum(3, "ABCH") + v.dig(8), "date of loss|loss date": v.day(), "policy holder|insured|insured party": o({"full name|name|insured name": pn(p.name), "=" + k(p.nidname): nid(p), "correspondence address|mailing address|risk owner address": ad(p.line)}),
              "claimant|third party": o({"first name|forename": pn(q.given), "last name|surname": pn(q.family), "tel|contact no|telephone": ph(q.phone)}), "driver|main driver": o({"name|driver name": pn(p.latin), "dob|birth date|date of birth": dob(p), "years licensed": R.randint(1, 40)}), "witnesses|witness names": [pn(w.name)],
              "vehicle": o({"make": pick(["Mercedes-Benz", "Alfa Romeo", "Aston Martin", "Seat"]), "model": pick(["Giulia", "Ibiza", "A 180", "Vantage"]), "year": 2021}), "payee iban|settlement iban|payout account": ib(v.iban_any()), "reserve amount": money(), "status": "OPEN"})


@with_pii
def clinic_appointment():
    "Clinic: patient, guarantor, next of kin, GP; NHS number; appointment slots and codes"
    p, q, d = v.Person("GB"), v.Person("GB"), v.west()
    return o({"appointment id": v.uid(), "slot start": "2026-06-02T09:40:00+01:00", "patient name|patient|pt name": pn(p.shown), "patient dob|pt dob|dob": dob(p), "nhs number|nhs no": P(v.nhs(), "nhs_number"), "next of kin|nok name": pn(q.name), "nok tel|next of kin phone": ph(q.phone), "gp name|attending|seen by|consultant name": pn("Dr " + d.name), "patient address|pt address|home address": ad(p.line), "reason code": "Z01.89", "snomed": "185349003", "room": "Clinic 4", "did not attend": False, "pharmacy name": "Wilson Pharmacy"})


@with_pii
def telco_cdr():
    "Call detail records: A-/B-number, msisdn without plus, cell ids, durations, subscriber"
    p, q = v.latin(), v.latin()
    e = lambda x: pick([x.e164[1:], x.e164, "00" + x.e164[1:]])
    return pick([lambda: {"recordType": "MOC", "aNumber": ph(e(p)), "bNumber": ph(e(q)), "startTime": v.stamp(), "durationSec": R.randint(1, 3600), "cellId": "262-02-" + v.dig(5) + "-" + v.dig(5), "causeForTerm": 16, "tariff": "FLAT_M", "subscriber": {"name": pn(p.name), "invoice_address": ad(p.line)}},
                 lambda: {"cdr": [{"calling_party": ph(e(p)), "called_party": ph(e(q)), "start": v.ts().strftime("%Y%m%d%H%M%S"), "secs": R.randint(1, 3600), "lac": v.dig(5), "volume_up": int(v.dig(7, "1"))}]},
                 lambda: {"CALLER-NUM": ph(e(p)), "DIALED-NUM": ph(e(q)), "SUBS-NM": pn(p.latin.upper()), "BILL-CYC": "15", "UNITS": v.dig(4), "SEIZ-TS": v.ts().strftime("%y%m%d%H%M%S")},
                 lambda: {"msisdn": ph(e(p)), "portInDate": v.day(), "oldOperatorCode": "D020", "holderName": pn(p.name), "contractNo": v.dig(9), "altContactNumber": ph(q.phone)}])()


@with_pii
def parcel_label():
    "Parcel label: lines of an address as an array, consignee; sender is a company; tracking numbers, weights, SSCC"
    p = v.latin()
    lines = [pn(p.name), ad(p.street), ad((p.zip + " " + p.city).strip())]
    return pick([lambda: {"shipment": {"awb": v.dig(10, "3"), "sscc": "00" + v.dig(18, "3"), "service": "EXPRESS 12:00", "weight_g": R.randint(100, 9999), "ship_to": lines + [p.c], "consignee_tel": ph(p.phone), "contents": "CARD MAILER", "shipper": pick(v.COMPANY)}},
                 lambda: o({"consignee|recipient|deliver to|empfaenger": o({"line1": lines[0], "line2": lines[1], "line3": lines[2]}), "parcel no|tracking no": "JJD" + v.dig(18), "delivered at": v.stamp(), "signed by|received by|accepted by": pn(p.shown), "depot": "0417", "zone": "B2"}),
                 lambda: {"receptor": pn(p.name), "dirEntrega": ad(p.line), "telContacto": ph(p.phone), "bultos": 1, "pesoKg": "0,35", "codSeguimiento": v.alnum(13).upper()}, lambda: {"Zustellung": {"Empfänger": pn(p.name), "Lieferadresse": ad(p.line), "Ablageort": "Garage", "Sendungsnr": v.dig(12), "Ersatzempfänger": pn(v.Person("DE").name)}}])()


@with_pii
def kyc_short_names():
    "KYC / sanctions: one-letter or cut names of fields (fn, ln, bd, tin), aliases, matched names, owners"
    p, q = v.with_nid(), v.Person()
    return pick([lambda: {"fn": pn(p.given), "ln": pn(p.family), "bd": bd(p.dob.isoformat()), "em": em(p.email), "ph": ph(p.e164), "adr": ad(p.line), "lvl": 2, "src": "web"},
                 lambda: {"screening": {"searchTerm" if R.random() < .5 else "inputName": pn(p.shown), "aliases": [pn(p.latin), pn(q.name)], "dobProvided": dob(p), "matchScore": 0.87, "list": "OFAC SDN", "matches": [{"matchedName": pn(q.latin.upper()), "matchType": "FUZZY", "entityType": "individual", "listedOn": "2011-06-04"}], "decision": "FALSE_POSITIVE"}},
                 lambda: {"company": {"legalName": pick(v.COMPANY), "ubos": [{"fullName": pn(x.name), "pctOwned": y, "dateOfBirth": dob(x), "residentialAddr": ad(x.line)} for x, y in ((p, 60), (q, 40))], "directors": [pn(q.shown)], "lei": "5299" + v.alnum(14, "ABCDEFGH0123456789") + v.dig(2), "incorporated": "2009-05-04"}},
                 lambda: o({"applicant first nm|frst nm": pn(p.given), "applicant last nm|lst nm": pn(p.family), "brth dt|birth dt": dob(p), "natl id|govt id no|tin": nid(p), "addr ln 1|str addr": ad(p.street), "addr city nm|cty": ad(p.city), "mob no|cell ph": ph(p.phone), "eml|eml addr": em(p.email), "risk rtg": "LOW", "cust typ cd": "I"})])()


@with_pii
def national_ids_named():
    "National ids of 40 countries under the names they have there, with prefixes and suffixes"
    ps = [v.with_nid() for _ in range(3)]
    out = {}
    for i, p in enumerate(ps):
        key = pick([p.nidname, p.nidlong, "customer " + p.nidname, p.nidname + " value", "verified " + p.nidname, "holder " + p.nidlong])
        out[["primary", "spouse", "guarantor"][i]] = o({"=" + k(key): nid(p), "country": p.c, "given name|first name": pn(p.given), "family name|surname": pn(p.family), "verified at": v.stamp(), "method": "BANK_ID"})
    return out


@with_pii
def id_type_and_value():
    "National ids as {type, value}: the kind of id is a value beside it"
    ps = [v.with_nid() for _ in range(4)]
    a, b, c = pick([("type", "value", "identifications"), ("idType", "idNumber", "ids"), ("scheme", "id", "identifiers"), ("docType", "docNo", "docs"), ("kind", "number", "governmentIds")])
    return {"customerRef": v.uid(), c: [{a: pick([p.nidname.upper(), p.nidlong.upper().replace(" ", "_"), p.nidname.title()]), b: nid(p), "country": p.c, "status": "VERIFIED"} for p in ps] + [{a: "CUSTOMER_NO", b: v.dig(8, "1"), "status": "ACTIVE"}]}


@with_pii
def text_chat_transcript():
    "Chat in several languages: the customer types card, name, address or birth date in a sentence"
    p, a = v.Person(pick(["US", "GB", "DE", "FR", "ES", "IT", "NL", "BR", "PL", "RU"])), v.west()
    n = v.grouped(v.pan16(), pick([" ", "-", ""]))
    t = {"DE": [("Meine Kartennummer lautet %s, gültig bis 09/29" % n, ["pan", "expiry"]), ("Mein Name ist %s, geboren am %s" % (p.name, p.dob.strftime("%d.%m.%Y")), ["person_name", "birth_date"]), ("Bitte senden Sie die Karte an %s" % p.line.replace("\n", ", "), ["address"])],
         "FR": [("ma carte c'est %s" % n, ["pan"]), ("Je m'appelle %s et je suis né le %s" % (p.name, p.dob.strftime("%d/%m/%Y")), ["person_name", "birth_date"]), ("J'habite maintenant au %s" % p.line.replace("\n", ", "), ["address"])],
         "ES": [("mi tarjeta es la %s" % n, ["pan"]), ("Soy %s, mi móvil es %s" % (p.name, p.abroad), ["person_name", "phone"]), ("Vivo en %s" % p.line.replace("\n", ", "), ["address"])], "IT": [("il numero della carta è %s" % n, ["pan"]), ("Mi chiamo %s e abito in %s" % (p.name, p.line.replace("\n", ", ")), ["person_name", "address"])],
         "NL": [("mijn kaartnummer is %s" % n, ["pan"]), ("U spreekt met %s, geboren op %s" % (p.name, p.dob.strftime("%d-%m-%Y")), ["person_name", "birth_date"])], "BR": [("o número do cartão é %s" % n, ["pan"]), ("Meu nome é %s e moro na %s" % (p.name, p.line.replace("\n", ", ")), ["person_name", "address"])],
         "PL": [("numer karty %s" % n, ["pan"]), ("Nazywam się %s, mieszkam: %s" % (p.name, p.line.replace("\n", ", ")), ["person_name", "address"])], "RU": [("номер карты %s" % n, ["pan"]), ("Меня зовут %s, мой телефон %s" % (p.name, p.abroad), ["person_name", "phone"])]}
    en = [("sure its %s exp 04/29 and the 3 digits are %s" % (n, cvv()), ["pan", "expiry", "cvv"]), ("I'm %s and I live at %s" % (p.name, p.line.replace("\n", ", ")), ["person_name", "address"]), ("my dob is %s, email %s" % (v.born(p.dob, "US" if p.c == "US" else "GB"), p.email), ["birth_date", "email"])]
    ms = R.sample(t.get(p.c, en), 2)
    w, x = pick([("from", "msg"), ("author", "body"), ("role", "content"), ("speaker", "text")])
    return {"chatId": v.uid(), "channel": "web", "agent": pn(a.name), "transcript": [{w: "agent", x: "How can I help you today?", "t": v.epoch()}, {w: "customer", x: P(ms[0][0], *ms[0][1]), "t": v.epoch()}, {w: "agent", x: "Thank you, one moment please. Your case number is %s." % v.dig(7, "1"), "t": v.epoch()}, {w: "customer", x: P(ms[1][0], *ms[1][1]), "t": v.epoch()}, {w: "bot", x: "Rate us from 1 to 5", "t": v.epoch()}]}


@with_pii
def asr_call_transcript():
    "Speech recognition of a call: digits one by one, card groups with commas, mail address spelt in text, phone in pieces"
    p = v.west()
    n = v.pan16()
    t, ks = pick([("my card number is %s thank you" % " ".join(n), ["pan"]), ("Okay, so it's %s." % ", ".join(n[i:i + 4] for i in range(0, 16, 4)), ["pan"]), ("you can call me at %s in the evening" % p.phone, ["phone"]), ("yes the email is %s" % p.email, ["email"]), ("it reads %s... yes, that's right" % "... ".join(n[i:i + 4] for i in range(0, 16, 4)), ["pan"])])
    return o({"call id|interaction id": v.uid(), "agent id": "A" + v.dig(4), "segments|utterances|turns": [o({"start ms|offset": R.randint(0, 9000), "confidence": 0.93, "text|transcript": "okay and what is the reason for your call today"}), o({"start ms|offset": R.randint(9000, 19000), "confidence": 0.81, "text|transcript": P(t, *ks)})], "sentiment": -0.2, "language": "en-GB", "caller|ani|calling number": ph(p.e164)})


@with_pii
def wide_and_other_digits():
    "Full-width, Arabic-Indic and Devanagari digits; no-break and thin spaces in numbers"
    p, q = v.Person("JP"), v.Person(pick(["AE", "IN", "FR"]))
    fw = lambda s: "".join(chr(ord(c) + 0xfee0) if c.isdigit() else {"-": "－", "+": "＋"}.get(c, c) for c in s)
    ar = lambda s: "".join(chr(0x660 + int(c)) if c.isdigit() else c for c in s)
    dv = lambda s: "".join(chr(0x966 + int(c)) if c.isdigit() else c for c in s)
    n = v.pan16()
    return o({"name|full name": pn(p.name), "phone|mobile|contact number": ph(fw("0" + p.nsn)), "card number|card no": pa(pick([fw(n), fw(v.grouped(n, "-")), "\u2009".join(n[i:i + 4] for i in range(0, 16, 4)), v.grouped(n, "\u202f"), v.grouped(n, "\u2011"), v.grouped(n, " \u2013 ")])), "second phone|alt mobile": ph({"AE": ar, "IN": dv, "FR": lambda s: s.replace(" ", "\u202f")}[q.c](q.abroad)), "birth date|dob": bd(pick([fw(p.dob.strftime("%Y")) + "年" + fw(str(p.dob.month)) + "月" + fw(str(p.dob.day)) + "日", "昭和%d年%d月%d日" % (max(p.dob.year, 1944) - 1925, p.dob.month, p.dob.day) if p.dob.year < 1989 else p.dob.isoformat()])), "channel": "KIOSK", "qty": "３", "note code": "Ａ－１２"})


@with_pii
def remittance_sender_beneficiary():
    "Money transfer (Visa Direct / MoneySend / remitters): sender and recipient with PAN, purpose, FX"
    p, q = v.latin(), v.Person()
    if R.random() < .5:
        return {"systemsTraceAuditNumber": v.dig(6), "retrievalReferenceNumber": v.dig(12), "senderPrimaryAccountNumber" if R.random() < .5 else "senderAccountNumber": pa(v.pan16()), "senderName": pn(p.latin), "senderAddress": ad(p.street), "senderCity": ad(p.city), "recipientName": pn(q.latin), "recipientPrimaryAccountNumber": pa(v.pan16()), "senderDateOfBirth": bd(p.dob.isoformat()), "amount": "124.05", "businessApplicationId": "AA", "acquiringBin": "408999", "transactionIdentifier": v.notcard(15, "3"), "cardAcceptor": {"name": "Stellar Fuel #204", "terminalId": "ABCD1234", "idCode": "CA-IDCode-77765"}}
    return o({"mtcn|transfer ref": v.dig(10), "remitter|sender|ordering person": o({"first name|given names": pn(p.given), "paternal name|last name": pn(p.family), "contact|mobile": ph(p.abroad), "residence|street": ad(p.street)}), "beneficiary|payee|receiver": o({"name in local script|local name": pn(q.name), "latin name|name": pn(q.latin), "wallet msisdn|mobile wallet": ph(q.e164), "iban|account iban": ib(v.iban_any(q.c))}), "purpose": "FAMILY_SUPPORT", "fx rate": "1.08472", "payout currency": "PHP", "payout agent": "Banco Aurora"})


@with_pii
def card_batch_arrays():
    "Issuer batch: arrays of bare values (pans[], emails[], phones[]), objects keyed by number, numbers as integers"
    ps = [v.latin() for _ in range(3)]
    return pick([lambda: {"batch": "HOT-260311", "pans": [pa(v.pan_any(True)) for _ in range(4)], "reason": "LOST_STOLEN", "counts": [4, 0, 0]}, lambda: {"notify": {"emails": [em(p.email) for p in ps], "sms": [ph(p.e164) for p in ps], "templates": ["card_shipped", "card_activated"]}},
                 lambda: {"0": {"c": pa(v.pan16()), "h": pn(ps[0].card), "x": ex("09/29")}, "1": {"c": pa(v.pan16()), "h": pn(ps[1].card), "x": ex("1028")}, "n": 2}, lambda: {"cardholders": [pn(p.name) for p in ps], "card numbers": [pa(v.pan_any()) for _ in ps], "shippedOn": v.day()},
                 lambda: {"list": "HOT", "cards": P(pick([";", ",", " | ", "\n"]).join(v.pan16() for _ in range(3)), "pan")}])()


@with_pii
def nested_cardholder():
    "Issuer core document: PII under neutral names (value, text, raw) below a telling parent"
    p = v.with_nid()
    w = pick(["value", "text", "raw", "val", "content"])
    d = {"card holder|account owner|cardholder name": {w: pn(p.shown), "source": "core"}, "card number|pan|primary account number": {w: pa(v.pan_any()), "tokenised": False}, "birth date|date of birth": {w: dob(p), "confidence": 0.99}, "=" + k(p.nidname): {w: nid(p), "checked": True}, "home address|postal address": {"formatted": ad(p.line)}, "contact phone|mobile number": {w: ph(p.phone), "kind": "mobile"}, "contact email|e mail": {w: em(p.email), "confirmed": True}}
    return o({"doc type": "CARD_ACCOUNT", "schema version": "3.4.1", "entity|master data|extracted": o(d), "expiry date|valid thru|good thru": {w: ex(v.expiry())}, "product": {"value": "World Elite Debit", "code": "MWE"}, "opened": v.stamp()})


@with_pii
def crm_export_prefixed():
    "CRM export: prefixes, suffixes and typos in names of fields (strCustName, txtAdress, tel_nr_1, geb_dat, e-mail2)"
    p, q = v.latin(), v.latin()
    return {pick(["strCustName", "txtFullNm", "sCustomerName", "fld_kundenname", "CustNameTxt"]): pn(p.shown), pick(["txtAdress1", "strStrAddr", "AdresLine1", "Strasse_Nr", "addr_1_c"]): ad(p.street), pick(["txtTown", "city_c", "strOrt", "PlaatsNaam", "Wohnort"]): ad(p.city), pick(["tel_nr_1", "strTelNo", "fon_mobil", "PhoneNr2", "GSM"]): ph(p.phone), pick(["geb_dat", "dteBirth", "BirthDt_c", "dtmDOB", "birthd"]): dob(p), pick(["e-mail2", "strEMail", "mail_privat", "emailAdr", "EmailAddr_c"]): em(p.email), pick(["partner_name", "strSpouseNm", "AnsprechPartner", "contact_person"]): pn(q.name), pick(["CCNo", "strCardNo", "kk_nummer", "crdnum", "CreditCardNum_c"]): pa(v.pan_any(True)), pick(["CCExp", "strExpDt", "kk_gueltig", "crd_exp"]): ex(v.expiry()),
            "intRowId": R.randint(1, 99999), "blnActive": True, "strCampaignName": "Spring Gold 2026", "dtmCreated": v.stamp(), "strProductNm": "Classic Gold", "fld_status": "aktiv", "strFileName": "import_2026.csv", "curLimit": 2500.0}


@with_pii
def sepa_mandate():
    "SEPA mandate form: Kontoinhaber, IBAN in groups; creditor id, mandate reference, BIC beside"
    c = pick(["DE", "AT", "NL", "FR", "ES", "IT"])
    p = v.Person(c)
    n = {"DE": ("Kontoinhaber", "IBAN", "Straße und Hausnummer", "PLZ", "Ort"), "AT": ("Zahlungspflichtiger", "IBAN", "Straße/Nr.", "Postleitzahl", "Wohnort"), "NL": ("naamRekeninghouder", "iban", "straatHuisnr", "postcode", "plaats"), "FR": ("titulaireCompte", "iban", "rue", "codePostal", "ville"), "ES": ("titular_cuenta", "cuenta_iban", "calle_numero", "cod_postal", "poblacion"), "IT": ("intestatario", "coordinate_iban", "via_civico", "cap", "comune")}[c]
    return {"mandateId": "MNDT-" + v.dig(8), "creditorId": "DE98ZZZ09999999999", "sequenceType": "RCUR", "debtor": {n[0]: pn(p.shown), n[1]: ib(v.grouped_iban(v.iban(c)) if R.random() < .6 else v.iban(c)), n[2]: ad(p.street), n[3]: ad(p.zip), n[4]: ad(p.city), "bic": "GENODEF1XXX"}, "signedOn": v.day(), "creditor": pick(v.COMPANY)}


@with_pii
def wallet_eligibility_log():
    "Apple Pay style eligibility and provisioning log: cardholderName and sanitised PAN beside hashes and device facts"
    p = v.latin()
    return {"requestType": pick(["checkCard", "linkAndProvision"]), "conversationIdentifier": v.uid(), "sanitizedPrimaryAccountNumber": v.masked(), "primaryAccountIdentifier": v.hexa(64).upper(), "primaryAccountSuffix": v.dig(4), "paymentNetworkName": "Visa", "cardholderName": pn(p.latin), "cardholderInformation": o({"name|holder": pn(p.shown), "phone|phone number": ph(p.abroad), "street|address line": ad(p.street), "zip|postal code": ad(p.zip), "email|contact email": em(p.email)}), "encryptedPassData": v.b64(80), "ephemeralPublicKey": v.b64(86), "activationMethods": [{"type": "SMS", "masked": "(•••) •••-" + v.dig(4), "target": ph(p.e164)}, {"type": "EMAIL", "masked": "j•••@g•••.com", "target": em(p.email)}, {"type": "CALL_CENTER"}], "device": {"osVersion": "17.4.1", "model": "iPhone15,3", "language": "en", "score": 4}, "certificates": [v.b64(60)], "nonce": v.hexa(8)}


@with_pii
def merged_customer_profile():
    "Customer data platform profile: arrays of sources, golden record, xdm paths with dots, households"
    p, q = v.latin(), v.latin()
    return pick([lambda: {"person.name.firstName": pn(p.given), "person.name.lastName": pn(p.family), "personalEmail.address": em(p.email), "mobilePhone.number": ph(p.abroad), "homeAddress.street1": ad(p.street), "homeAddress.city": ad(p.city), "person.birthDate": bd(p.dob.isoformat()), "segmentMembership.ups": "realized", "loyalty.tier": "gold", "_id": v.uid()},
                 lambda: {"golden": o({"name": o({"first|given": pn(p.given), "last|family": pn(p.family)}), "emails": [em(p.email), em(q.email)], "phones": [o({"number|no": ph(p.phone), "type": "HOME"})], "addresses": [o({"lines": [ad(p.street)], "city|town": ad(p.city), "type": "BILLING"})]}), "lineage": [{"system": "CRM", "score": 0.98}, {"system": "NWS", "score": 0.91}], "household": {"members": [pn(q.name), pn(p.name)], "size": 2}},
                 lambda: {"profile/full_name": pn(p.name), "profile/mail": em(p.email), "profile/born": bd(p.dob.isoformat()), "profile/home/street": ad(p.street), "stats/orders": 12, "stats/last": v.stamp()}])()


@with_pii
def gdpr_request():
    "Data-subject and consent records: requester, guardian, e-signature, client address of the signature"
    p, g = v.latin(), v.latin()
    return o({"request type": "ERASURE", "ticket": "DSR-" + v.dig(5), "data subject|requester|subject name": pn(p.shown), "legal guardian|on behalf of|authorised agent": pn(g.name), "reply to|contact|notification address": em(p.email), "signed by|signatory|signature name": pn(p.latin), "signing ip|client ip|ip at consent|source ip": ipa(v.ip()), "date of birth|dob|birthdate": dob(p), "signed at": v.stamp(), "policy version": "2026.1.0.3", "systems": ["NWS", "ODS", "CRM"], "due": v.day(), "language": "fr"})


@with_pii
def multi_country_beneficiaries():
    "People of countries with other scripts: names, addresses and phones in their writing, plain names of fields"
    ps = [v.Person(pick(["RU", "UA", "BG", "GR", "IL", "AE", "CN", "TW", "JP", "KR", "TH", "VN", "TR", "HU"])) for _ in range(2)]
    return {"people" if R.random() < .5 else "beneficiaries": [o({"name|full name|legal name": pn(p.name), "given name|first name": pn(p.given), "address|home address|residence": ad(p.line), "phone|mobile": ph(p.phone), "born|birth date|date of birth": dob(p), "share pct": R.randint(1, 99), "relation": "CHILD"}) for p in ps], "policy": v.alnum(10).upper()}


@with_pii
def text_operator_notes():
    "Free notes of bank staff: names, addresses, phones in running text in English, German, French, Spanish"
    p, q = v.west(), v.west()
    a = p.line.replace("\n", ", ")
    t, ks = pick([("Spoke w/ %s re: lost card. Verified DOB %s. Replacement to go to %s." % (p.name, v.born(p.dob, "GB"), a), ["person_name", "birth_date", "address"]), ("Cust called from %s, wants limit raise. Husband (%s) is authorised user." % (p.abroad, q.name), ["phone", "person_name"]),
                  ("Herr %s hat angerufen, neue Anschrift: %s. Rückruf unter %s erbeten." % (p.name, a, p.abroad), ["person_name", "address", "phone"]), ("Mme %s conteste l'opération du 12/05. Courriel : %s" % (p.name, p.email), ["person_name", "email"]), ("El Sr. %s solicita duplicado, enviar a %s" % (p.name, a), ["person_name", "address"]),
                  ("PAN %s keyed manually after chip error, cardholder %s present" % (v.pan16(), p.name), ["pan", "person_name"]), ("Refund to IBAN %s (a/c in the name of %s)" % (v.grouped_iban(v.iban("DE")), p.name), ["iban", "person_name"])])
    return o({"note id": v.dig(7), "note|remarks|comment|memo": P(t, *ks), "category": "CARD_SERVICING", "created on": v.stamp(), "created by": "u" + v.dig(5), "follow up": False, "queue": "Lost & Stolen"})


@with_pii
def text_email_body():
    "Mail with quoted thread, signature block and sender/recipient headers as strings"
    p, q = v.west(), v.west()
    b = "Hello,\r\n\r\nplease find the form attached.\r\n\r\nKind regards,\r\n%s\r\n%s\r\nM: %s\r\n\r\n> On Wed, 11 Mar 2026 at 09:44, <%s> wrote:\r\n> Please send us the form." % (p.name, p.line, p.abroad, q.email)
    return {"headers": {"From": P("%s <%s>" % (p.name, p.email), "person_name", "email"), "To": P(pick(["\"%s\" <%s>" % (q.name, q.email), "%s (%s)" % (q.email, q.name)]), "person_name", "email"), "Subject": "Re: Card application form", "Message-ID": "<%s@mail.gmail.com>" % v.alnum(40), "Date": "Wed, 11 Mar 2026 09:44:02 +0000", "DKIM-Signature": "v=1; a=rsa-sha256; bh=" + v.b64(40)}, "textBody": P(b, "person_name", "address", "phone", "email"), "attachments": [{"name": "form_cc_v2.pdf", "size": R.randint(1000, 99999)}]}


@with_pii
def text_fraud_narrative():
    "SAR / fraud narrative: long text with several people, an address, a card and an account"
    p, q = v.west(), v.west()
    t = "On 11 March 2026 the account holder, %s, reported three transactions at Stellar Fuel. The goods were collected by a man giving the name %s. The delivery address was %s. Card %s was blocked at 10:15. The amount was moved to %s. No further action by Fraud Ops." % (p.name, q.name, q.line.replace("\n", ", "), v.pan16(), v.iban())
    return o({"case id": "FR-" + v.dig(7), "typology": "CNP", "narrative|summary|description of activity": P(t, "person_name", "address", "pan", "iban"), "subject|suspect name|reported party": pn(q.name), "amount": money(), "filed": v.day(), "alert score": R.randint(1, 999)})
