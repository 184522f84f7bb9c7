#!/usr/bin/python3
"""Writes a fourth set of labelled documents: generate_fourth.py SEED COUNT > fourth.jsonl

The same form as the other sets, every value labelled; other kinds of documents, names, languages and values than those
have. It was written without reading the scanners and is frozen (README in this folder). fourth_values.py is part of
it."""
import json
import sys
import urllib.parse

import fourth_values as v
from fourth_values import Person, R, day, hexes, pick, run, stamp, uuid
from marked import P, plain


def inside(node, write=lambda n: json.dumps(n, ensure_ascii=False)):
    """The document as text in one value, which has all its labels."""
    labels = []
    made = plain(node, "$", labels)
    return P(write(made), *dict.fromkeys(kind for _, kind in labels))


def with_decoys(doc, least=2, most=6):
    for name in R.sample(list(v.DECOYS), R.randint(least, most)):
        doc.setdefault(name, v.DECOYS[name]())
    return doc


def maybe(doc, name, value, chance=0.6):
    if R.random() < chance:
        doc[name] = value
    return doc


def name(x):
    return P(x, "person_name")


def addr(x):
    return P(x, "address")


def mail(x=None):
    return P(x or v.email(), "email")


def tel(x=None):
    return P(x or v.phone(), "phone")


def net():
    return P(v.ip(), "ip")


def card():
    return P(v.pan(), "pan")


def account():
    return P(v.iban(), "iban")


def state_id():
    make, names = pick(v.STATE_IDS)
    return pick(names), P(make(), "national_id")


# ---- cards

def push_provisioning():
    p = Person()
    doc = {"messageType": "PushProvisionRequest", "conversationId": uuid(), "issuerAppId": "com.example.bank.%s" % run(3),
           "walletProvider": pick(["WEARABLE-3", "TRANSIT-PASS", "CAR-PAY"]), "tokenReferenceId": "DNITHE" + hexes(30).upper(),
           "account": {"fpan": card(), "validThru": P(v.expiry(), "expiry"), "embossedName": name(p.full.upper()), "artId": hexes(16)},
           "holder": {"contactEmail": mail(p.email), "mobileNumber": tel(p.phone),
                      "billing": {"street": addr(p.street), "cityName": addr(p.city), "postcode": addr(p.zip), "countryCode": "NL"}},
           "wearable": {"model": "Band 6 Pro", "firmware": "8.1.44", "seId": hexes(48), "bluetoothMac": P(v.mac(), "mac")},
           "riskIndicators": ["0G", "1D"], "tncAccepted": "true", "tncAt": stamp()}
    maybe(doc["account"], "cvc2", P(run(3), "cvv"))
    return maybe(doc, "originIp", net())


def token_lifecycle():
    return with_decoys({"notification": {"kind": pick(["TOKEN_ACTIVATED", "TOKEN_SUSPENDED"]), "panReferenceId": "V-" + v.no_luhn(20),
                                         "dpan": P(v.pan_digits([("4893", 16), ("5204", 16)]), "device_pan"),
                                         "tokenExpiry": P(v.expiry(), "expiry"), "last4Fpan": run(4), "reason": "0%s" % run(1)},
                        "device": {"imei": P(v.imei(), "imei"), "os": "WearOS 5.1", "ip_addr": net()}, "at": stamp()})


def host_message():
    doc = {"mti": pick(["0100", "0200", "0420"]), "DE2": P(v.pan_digits(), "pan"), "DE3": "000000", "DE4": "%012d" % R.randint(100, 999999),
           "DE7": "0411%s" % "101522", "DE11": v.no_luhn(6), "DE18": "5411", "DE22": "051", "DE32": v.no_luhn(6), "DE37": v.no_luhn(12),
           "DE41": "TERM%s" % run(4), "DE42": "MERCH%s    " % run(6), "DE43": "KESTREL OUTFITTERS     GALWAY       IE", "DE49": "978"}
    if R.random() < 0.5:
        doc["DE35"] = P(v.track2(), "track")
    if R.random() < 0.4:
        doc["iccData"] = {"9F26": P(hexes(16).upper(), "cryptogram"), "9F36": "01A3", "95": "0000008000", "9F37": hexes(8).upper()}
    if R.random() < 0.5:
        doc = {"switchId": "SW%s" % run(2), "primary_account_number": P(v.pan_digits(), "pan"), "processing_code": "000000",
               "expiration_date": P("%02d%02d" % (R.randint(27, 33), R.randint(1, 12)), "expiry"), "track_2_data": P(v.track2(), "track"),
               "retrieval_reference": v.no_luhn(12), "stan": v.no_luhn(6), "card_acceptor_name": pick(v.ORGS), "card_acceptor_city": pick(Person.places),
               "response_code": "05", "pin_block": P(hexes(16).upper(), "pin")}
    return {"received": stamp(), "link": "ACQ-%s" % run(2), "message": doc}


Person.places = ["Odense", "Galway", "Tartu", "Durban", "Utrecht", "Split"]


def fraud_scoring():
    p = Person()
    return with_decoys({"transactionId": uuid(), "merchant": {"id": "m_" + hexes(12), "name": pick(v.ORGS), "city": pick(Person.places), "postalCode": "1012 AB"},
                        "payer": {"email": mail(p.email), "phone": tel(p.phone), "firstName": name(p.given), "lastName": name(p.family), "ipAddress": net()},
                        "instrument": {"cardNumber": card(), "bin8": run(8, "4"), "issuerName": "Kestrel Bank", "cardholder": name(p.full)},
                        "shipTo": {"recipient": name(p.full), "addressLine1": addr(p.street), "city": addr(p.city), "zip": addr(p.zip), "country": "EE"},
                        "velocity": {"cards24h": 3, "amount7d": "1,204.50", "distinctIps": 2}, "score": R.randint(1, 999), "model": "gbm-2026.03.1",
                        "deviceFingerprint": hexes(40)}, 1, 3)


def three_ds():
    p = Person()
    return {"messageVersion": "2.2.0", "dsTransID": uuid(), "acctNumber": P(v.pan_digits(), "pan"), "cardExpiryDate": P("%02d%02d" % (R.randint(27, 33), R.randint(1, 12)), "expiry"),
            "cardholderName": name(p.full), "billAddrLine1": addr(p.street), "billAddrCity": addr(p.city), "billAddrPostCode": addr(p.zip), "billAddrCountry": "348",
            "browserIP": net(), "browserScreenHeight": "1080", "browserUserAgent": v.DECOYS["user_agent"](), "purchaseAmount": v.no_luhn(5), "purchaseExponent": "2",
            "mobilePhone": {"cc": "36", "subscriber": P("30%s" % run(7), "phone")}, "email": mail(p.email), "acquirerBIN": run(6, "4"), "merchantName": pick(v.ORGS)}


def chargeback():
    p = Person()
    row = {"case_no": "CB" + v.no_luhn(9), "arn": v.no_luhn(23, "2"), "reason": pick(["4853", "10.4", "13.1"]), "card": card(), "dispute_amount": "%d.00" % R.randint(5, 900),
           "cardholder_name": name(p.full), "cardholder_email": mail(p.email), "opened_on": day(), "merchant_dba": pick(v.ORGS), "refunded": "false"}
    if R.random() < 0.5:
        return {"file": "CBK_%s.csv" % run(8), "rows": 1, "content": inside(row, lambda m: ";".join(m) + "\n" + ";".join(m.values()))}
    return {"file": "CBK_%s.json" % run(8), "cases": [row, {"case_no": "CB" + v.no_luhn(9), "card": v.masked(), "dispute_amount": "12.00", "reason": "10.4"}]}


def payouts():
    rows = []
    for _ in range(R.randint(1, 3)):
        p = Person()
        rows.append(pick([{"endToEndRef": "E2E-" + v.no_luhn(9), "beneficiaryName": name(p.full), "beneficiaryIban": account(), "bic": "KESTIE2D", "value": "%d.10" % R.randint(1, 999)},
                          {"endToEndRef": "E2E-" + v.no_luhn(9), "account_holder": name(p.full), "routing_number": P(v.aba(), "aba_routing"), "account_number": P(v.no_luhn(10), "account"),
                           "value": "%d.10" % R.randint(1, 999)}]))
    return with_decoys({"batch": "PO-%s-%s" % (day(), run(3)), "count": len(rows), "payouts": rows}, 1, 3)


# ---- people

def onboarding():
    people = []
    for role in R.sample(["UBO", "DIRECTOR", "SIGNATORY"], R.randint(1, 3)):
        p, (id_name, id_value) = Person(), state_id()
        people.append({"role": role, "ownershipPct": "%d.5" % R.randint(25, 80), "firstName": name(p.given), "surname": name(p.family), "dateOfBirth": P(p.birth, "birth_date"),
                       id_name: id_value, "residentialAddress": {"street": addr(p.street), "city": addr(p.city), "postalCode": addr(p.zip)}, "pep": "false",
                       "email": mail(p.email)})
    return {"applicationId": "MA-" + v.no_luhn(7), "legalEntity": {"name": pick(v.ORGS), "registrationNo": "HRB " + v.no_luhn(6), "website": "https://www.example.net/shop"},
            "settlement": {"iban": account(), "currency": "EUR"}, "relatedPersons": people, "submittedAt": stamp(), "formVersion": "7.2"}


def employee():
    p, (id_name, id_value) = Person(), state_id()
    doc = {"employeeNo": "E" + v.no_luhn(6), "givenName": name(p.given), "familyName": name(p.family), "birthDate": P(p.birth, "birth_date"), "workEmail": mail(p.email),
           "privatePhone": tel(pick([v.phone, v.phone_home])()), "department": "Treasury Ops", "grade": "L5", "startDate": day(), "costCentre": v.no_luhn(6),
           "homeAddress": {"line1": addr(p.street), "town": addr(p.city), "postcode": addr(p.zip)}, "payroll": {"iban": account(), "salary": "54,300.00", id_name: id_value},
           "emergencyContact": {"fullName": name(Person().full), "phone": tel(), "relation": "spouse"}}
    if R.random() < 0.5:
        doc["payroll"] = {"ssn": P(v.ssn(), "ssn"), "routingNumber": P(v.aba(), "aba_routing"), "salary": "81000"}
    return doc


def booking():
    pax = []
    for _ in range(R.randint(1, 2)):
        p = Person()
        pax.append({"type": "ADT", "title": pick(["Mr", "Ms"]), "given_name": name(p.given), "surname": name(p.family), "dob": P(p.birth, "birth_date"),
                    "passport_number": P(v.upper(1) + run(8), "passport"), "passport_country": "HUN", "seat": "%d%s" % (R.randint(1, 40), pick("ABCDEF"))})
    return {"pnr": v.upper(6), "segments": [{"carrier": "KX", "flight_no": run(4, "1"), "from": "BUD", "to": "OPO", "departs": stamp(), "airport_city": pick(Person.places), "terminal": "2B"}],
            "passengers": pax, "contact": {"email": mail(), "mobile": tel()}, "ticket_numbers": ["157-" + v.no_luhn(10)], "form_of_payment": {"type": "CC", "card_number": card(),
            "approval": v.no_luhn(6)}, "fare": {"base": "188.00", "taxes": "61.37"}}


def subscriber():
    p = Person()
    doc = {"subscriptionId": "SUB" + v.no_luhn(9), "msisdn": tel(v.phone().replace(" ", "").replace("-", "").replace("(", "").replace(")", "")), "iccid": "8931" + v.no_luhn(15), "tariff": "Flex 20 GB", "imei": P(v.imei(), "imei"),
           "subscriber": {"first_name": name(p.given), "last_name": name(p.family), "street_address": addr(p.street), "postal_code": addr(p.zip), "city": addr(p.city)},
           "cells": ["216-30-4411-%s" % run(5)], "usage": {"mb": 18233, "sms": 12, "minutes": "341:20"}, "activated": stamp(), "portedIn": "yes"}
    id_name, id_value = state_id()
    maybe(doc["subscriber"], id_name, id_value)
    return maybe(doc, "lastAssignedIp", net())


def insurance():
    p = Person()
    return {"claimNo": "CLM-" + v.no_luhn(8), "policyNo": "P/%s/%s" % (run(4), v.no_luhn(6)), "product": "Motor Casco", "lossDate": day(), "lossPlace": {"lat": 47.531604, "lon": 21.627312},
            "vehicle": {"vin": P(v.vin(), "vin"), "make": "Volvo", "model": "V60", "mileage": 88123},
            "driver": {"name": name(p.full), "drivingLicenceNumber": P(v.upper(2) + run(7), "driving_licence"), "phone": tel(), "dateOfBirth": P(p.birth, "birth_date")},
            "repairShop": {"company": pick(v.ORGS), "city": pick(Person.places), "address": "Industrieweg 8"}, "reserve": "4,200.00", "payoutIban": account(), "closed": "no"}


def portal():
    p, (id_name, id_value) = Person(), state_id()
    return {"appointment": {"id": uuid(), "slot": "2027-02-11T09:20/09:40", "clinic": "Cardiology 3", "room": "B-114", "status": "booked"},
            "patient": {"mrn": P("MRN" + v.no_luhn(7), "medical_record"), "patientName": name(p.full), "birthDate": P(p.birth, "birth_date"), id_name: id_value,
                        "mobile": tel(p.phone), "emailAddress": mail(p.email), "address": {"line": [addr(p.street)], "city": addr(p.city), "postalCode": addr(p.zip)}},
            "labs": [{"code": "718-7", "display": "Hemoglobin", "value": "13.9", "unit": "g/dL"}, {"code": "2160-0", "value": "0.91", "range": "0.60-1.20"}], "icd10": "I10", "consent": "true"}


def export_order():
    p = Person()
    prefix = pick(["billing_", "shipping_", "customer_"])
    return with_decoys({"Order ID": "#" + v.no_luhn(6), prefix + "first_name": name(p.given), prefix + "last_name": name(p.family), prefix + "address_1": addr(p.street),
                        prefix + "city": addr(p.city), prefix + "postcode": addr(p.zip), prefix + "email": mail(p.email), prefix + "phone": tel(p.phone),
                        "customer_ip_address": net(), "line_items": [{"sku": v.DECOYS["sku"](), "name": pick(v.ITEMS), "barcode": v.ean(), "qty": 2, "price": "19.95"}],
                        "payment_method_title": "Card (•••• %s)" % run(4), "tracking_number": v.tracking(), "coupon": "SPRING-26", "gift": "false"}, 0, 4)


# ---- texts

def sentence():
    make = pick([lambda: ("you can reach me on {} after six", tel()), lambda: ("pls resend the receipt to {}, thx", mail()), lambda: ("I paid with {} and it was taken twice", card()),
                 lambda: ("the refund should go to {} please", account()), lambda: ("login from {} was not me!!", net()), lambda: ("my SSN is {} if that helps", P(v.ssn(), "ssn")),
                 lambda: ("ik ben bereikbaar op {} of per mail", tel()), lambda: ("küldjék ide: {} köszönöm", mail()), lambda: ("o IBAN é {}, obrigado", account()),
                 lambda: ("kortnummeret er {} — udløber snart", card()), lambda: ("เบอร์โทร {} ค่ะ", tel()), lambda: ("telefon: {}, hívjon bármikor", tel()),
                 lambda: ("blocked src={} dst port 443", net()), lambda: ("mailto:{}?subject=Refund", mail())])
    text, marked = make()
    return P(text.format(marked.value), *marked.kinds)


def chat():
    turns = [{"from": "bot", "text": pick(v.TEXTS), "ts": stamp()}]
    for _ in range(R.randint(1, 3)):
        turns.append({"from": "visitor", "text": sentence(), "ts": stamp()})
        turns.append({"from": "agent-%s" % run(3), "text": pick(["Thanks, one moment.", "Your case is CASE-%s." % v.no_luhn(6), "It was refunded on %s." % day(),
                                                                 "We see a charge of EUR 41.90 at 14:05."]), "ts": stamp()})
    return {"transcript": turns, "channel": "web", "locale": "nl-BE", "csat": "4", "visitorId": hexes(20)}


def crash():
    p = Person()
    return {"crash": {"id": uuid(), "app": "com.example.wallet", "versionName": "12.4.1", "versionCode": 120401, "signal": "SIGSEGV", "pc": "0x0000007b3c21f0a4",
                      "frames": ["libpay.so+0x1a2b3c", "com.example.pay.Nfc.send(Nfc.kt:214)"]},
            "device": {"brand": "Fairphone", "model": "FP5", "deviceName": P(pick([p.given + "'s Fairphone", "Telefon van " + p.given]), "device_owner"), "wifiMac": P(v.mac(), "mac"), "freeMb": 1822},
            "user": {"id": hexes(24), "email": mail(p.email), "ip": net()}, "breadcrumbs": [{"t": stamp(), "msg": "screen Cards opened"}, {"t": stamp(), "msg": sentence()}]}


def audit():
    rows = []
    for _ in range(R.randint(1, 4)):
        rows.append(pick([lambda: {"at": stamp(), "actor": mail(), "action": "user.role.update", "sourceIp": net(), "result": "ok", "target": "role/%s" % hexes(8)},
                          lambda: {"at": stamp(), "actor": "svc-settlement", "action": "file.export", "sourceIp": net(), "object": "exports/%s.parquet" % day()},
                          lambda: {"at": stamp(), "actor": "svc-vault", "action": "secret.read", "detail": inside({"client": net(), "owner_email": mail()})},
                          lambda: {"at": stamp(), "actor": mail(), "action": "customer.update", "changes": [{"field": "phone", "old": tel(), "new": tel()}]}])())
    return {"tenant": "acq-eu-%s" % run(1), "entries": rows, "nextCursor": hexes(32)}


def log_line():
    line = pick([{"level": "warn", "svc": "onboard", "email": mail(), "ip": net(), "took_ms": "81"}, {"level": "info", "pan": P(v.pan_digits(), "pan"), "rc": "00", "stan": run(6)},
                 {"msisdn": tel("+3620" + run(7)), "event": "otp_sent", "attempt": "2"}, {"iban": P(v.iban().replace(" ", ""), "iban"), "check": "ok", "ms": "12"}])
    write = pick([lambda m: stamp() + " " + " ".join("%s=%s" % x for x in m.items()), lambda m: "https://api.example.net/v3/check?" + urllib.parse.urlencode(m),
                  lambda m: "<evt>" + "".join("<%s>%s</%s>" % (k, x, k) for k, x in m.items()) + "</evt>", lambda m: json.dumps(m)])
    return with_decoys({"host": "pos-%s" % run(3), "line": inside(line, write)}, 1, 4)


def secrets():
    return with_decoys({"config": {"db_host": "db.internal.example", "db_user": "settle", pick(["db_password", "dbPassword", "smtp_password"]): P(pick(["Tr0ub4dor&", "v9!kLm", "Zomer2026#"]) + run(3), "password"),
                                   "pool": 20}, "alertRecipient": mail(), "allowlist": [net(), net()]}, 2, 4)


# ---- other languages

LANGS = [dict(root="klant", given="voornaam", family="achternaam", street="straat_en_huisnummer", city="woonplaats", zip="postcode", birth="geboortedatum", phone="telefoonnummer", email="e-mailadres", iban="rekeningnummer_iban"),
         dict(root="ügyfél", given="keresztnév", family="vezetéknév", street="lakcím", city="település", zip="irányítószám", birth="születési_dátum", phone="telefonszám", email="email_cím", iban="bankszámla_iban"),
         dict(root="kunde", given="fornavn", family="efternavn", street="adresse", city="by", zip="postnummer", birth="fødselsdato", phone="telefonnummer", email="mailadresse", iban="iban"),
         dict(root="cliente", given="primeiro_nome", family="apelido", street="morada", city="localidade", zip="codigo_postal", birth="data_nascimento", phone="telemovel", email="correio_eletronico", iban="iban"),
         dict(root="zákazník", given="jméno", family="příjmení", street="ulice", city="město", zip="psč", birth="datum_narození", phone="telefon", email="email", iban="iban"),
         dict(root="pelanggan", given="nama_depan", family="nama_belakang", street="alamat", city="kota", zip="kode_pos", birth="tanggal_lahir", phone="nomor_telepon", email="surel", iban="iban"),
         dict(root="müşteri", given="ad", family="soyad", street="adres", city="şehir", zip="posta_kodu", birth="doğum_tarihi", phone="cep_telefonu", email="eposta", iban="iban"),
         dict(root="asiakas", given="etunimi", family="sukunimi", street="katuosoite", city="postitoimipaikka", zip="postinumero", birth="syntymäaika", phone="puhelinnumero", email="sähköposti", iban="tilinumero"),
         dict(root="klijent", given="ime", family="prezime", street="ulica_i_broj", city="grad", zip="postanski_broj", birth="datum_rodjenja", phone="mobitel", email="eposta", iban="iban"),
         dict(root="client", given="prenume", family="nume_familie", street="strada", city="oras", zip="cod_postal", birth="data_nasterii", phone="telefon", email="email", iban="cont_iban"),
         dict(root="khach_hang", given="ten", family="ho", street="dia_chi", city="thanh_pho", zip="ma_buu_dien", birth="ngay_sinh", phone="so_dien_thoai", email="email", iban="iban")]


def foreign():
    p, n = Person(), pick(LANGS)
    person = {n["given"]: name(p.given), n["family"]: name(p.family), n["street"]: addr(p.street), n["zip"]: addr(p.zip), n["city"]: addr(p.city), n["birth"]: P(pick([p.birth, p.birth_local]), "birth_date"),
              n["phone"]: tel(pick([p.phone, p.phone.split(" ", 1)[-1]])), n["email"]: mail(p.email), n["iban"]: account()}
    for key in R.sample(list(person), R.randint(0, 3)):
        del person[key]
    return with_decoys({n["root"]: person}, 1, 4)


# ---- without PII

def manifest():
    return {"build": {"version": "5.%d.0" % R.randint(0, 30), "commit": hexes(40), "image": "registry.example.net/settle@sha256:" + hexes(64), "date": stamp()},
            "dependencies": [{"name": pick(["zlib", "openssl", "abseil"]), "version": "%d.%d.%d" % (R.randint(0, 9), R.randint(0, 99), R.randint(0, 9)), "purl": "pkg:generic/openssl@3.0.%d" % R.randint(1, 20)}]}


def shops():
    return {"retailer": pick(v.ORGS), "stores": [{"storeNo": run(4), "name": "Store " + pick(Person.places), "city": pick(Person.places), "address": "Shopping Park, unit %d" % R.randint(1, 60),
            "opening": "09:00-21:00", "geo": {"lat": 52.090736, "lon": 5.12142}} for _ in range(R.randint(1, 3))]}


def catalogue():
    return {"catalogue": "2027-spring", "items": [{"title": pick(v.ITEMS), "brand": pick(v.ORGS), "gtin": v.ean(), "price": {"gross": "%d.95" % R.randint(1, 400), "vat": "21"},
            "isbn": v.isbn(), "dimensions": "120x60x75", "weight_g": R.randint(10, 9000)} for _ in range(R.randint(1, 3))]}


def schedule():
    return {"airport": {"iata": "OTP", "city": pick(Person.places), "name": "Terminal North"}, "departures": [{"flight": "KX" + run(4, "1"), "std": stamp(), "gate": "C%d" % R.randint(1, 30), "aircraft": "A320-251N",
            "registration": "HA-L" + v.upper(2), "delayMin": R.randint(0, 90)}]}


def ledger():
    return {"ledger": "EUR-SETTLE", "entries": [{"id": v.no_luhn(12), "dr": "1200-%s" % run(3), "cr": "2400-%s" % run(3), "amount": "%d.%s" % (R.randint(1, 99999), run(2)), "posted": stamp(),
            "ref": "STL/%s/%s" % (day(), run(4))} for _ in range(R.randint(1, 3))], "checksum": hexes(64), "balanced": "true"}


def templates():
    return {"templates": [{"id": "tpl_" + hexes(8), "subject": pick(v.TEXTS), "fields": ["first_name", "email", "phone", "address"], "required": {"email": "true", "phone": "false", "iban": "optional"}}], "locale": "hu-HU"}


def tokens_only():
    return {"token": {"reference": "DNITHE" + hexes(30).upper(), "maskedCard": v.masked(), "panLast4": run(4), "status": "ACTIVE", "par": "V0010013" + v.no_luhn(21)}, "event": {"at": stamp(), "uuid": uuid()},
            "cvvResult": "M", "avsResult": "Y", "expiryCheck": "passed", "emailVerified": "true"}


def loose():
    return with_decoys({}, 6, 14)


WITH = [(push_provisioning, 4), (token_lifecycle, 2), (host_message, 4), (fraud_scoring, 4), (three_ds, 2), (chargeback, 3), (payouts, 3), (onboarding, 4), (employee, 3), (booking, 3),
        (subscriber, 3), (insurance, 3), (portal, 3), (export_order, 4), (chat, 4), (crash, 3), (audit, 3), (log_line, 4), (secrets, 1), (foreign, 6)]
WITHOUT = [manifest, shops, catalogue, schedule, ledger, templates, tokens_only, loose, loose, loose]


def document(i):
    return pick(WITHOUT)() if i % 25 in (1, 5, 9, 14, 18, 22) else R.choices([k[0] for k in WITH], [k[1] for k in WITH])[0]()


if __name__ == "__main__":
    R.seed(int(sys.argv[1]) if len(sys.argv) > 1 else 4)
    for i in range(int(sys.argv[2]) if len(sys.argv) > 2 else 500):
        found = []
        made = plain(document(i), "$", found)
        found = [list(x) for x in dict.fromkeys(map(tuple, found))]
        print(json.dumps({"document": made, "pii": found}, ensure_ascii=False, separators=(",", ":")))
