"""The kinds of documents of generate_fifth.py: cards, banks, people."""
import urllib.parse

import fifth_values as v
from fifth_names import LANGS, ORGS, P, amount, day, f, inside, lookalikes, o, stamp, text, value
from fifth_numbers import R, expiry, fmt, hexes, iban, nhs, no_luhn, pan, pan_digits, pick, run, track2, upper, uuid
from fifth_values import Person


def who(country=None):
    return Person(country)


def split_expiry():
    y = R.randint(2026, 2034)
    m, y = R.randint(1, 12), pick([y, y % 100])
    m, y = pick([(m, y), ("%02d" % m, str(y))])
    names = pick([("exp month", "exp year"), ("expiry month", "expiry year"), ("card exp mm", "card exp yy"),
                  ("expiration month", "expiration year")])
    return o({names[0]: P(m, "expiry"), names[1]: P(y, "expiry")}) if R.random() < 0.5 else o(
        {pick(["expiry", "expiration", "card expiry"]): o({"month": P(m, "expiry"), "year": P(y, "expiry")})})


def card_fields(p, more=""):
    return o(f(p, "pan " + more), split_expiry() if R.random() < 0.4 else f(p, "expiry"))


# ---- cards

def provisioning_request():
    p = who()
    return o({"message type": "provision", "wallet provider": pick(["WATCH-PAY", "RING-1"]),
              pick(["card info", "funding account", "source"]): o(card_fields(p, "cvv?"), f(p, "full"))},
             {pick(["device", "device info"]): o(f(p, "owner imei? mac? ip?"),
                                                 {"os version": "15.%s" % run(1), "model": "A3102"})}, lookalikes())


def provisioning_response():
    p = who()
    return o({"status": "APPROVED", pick(["token info", "digital card"]): o(f(p, "dpan"),
        {"token reference": "DNITHE" + hexes(30).upper(), "last four of card": run(4), "token state": "ACTIVE"}),
              "issuer contact": o(f(p, "phone email?"))}, lookalikes())


def authorisation():
    p = who()
    doc = {"=mti": pick(["0100", "0110", "0420"]), "=de2": P(pan_digits(), "pan"), "=de3": "003000",
           "=de4": "%012d" % R.randint(1, 99999), "=de11": run(6), "=de37": no_luhn(12), "=de41": "TRM" + run(5),
           "=de49": "978"}
    if R.random() < 0.5:
        doc["=de35"] = P(track2(), "track")
    return o(doc, lookalikes()) if R.random() < 0.4 else o(
        f(p, "pan expiry track2? pinblock? cryptogram?"), {"processing code": "003000",
                                                           "transmission time": run(10, "11"),
                                                           "acceptor name": pick(ORGS)}, lookalikes(3, 7))


def emv_tags():
    p = who()
    tags = {"=5A": P(pan_digits(), "pan"), "=5F24": P("%02d%02d31" % (R.randint(27, 33), pick([1, 3, 5, 7, 8, 10, 12])),
                                                      "expiry"), "=5F20": P("%s/%s" % (p.ascii_family.upper(),
                                                          p.ascii_given.upper()), "person_name"),
            "=9F26": P(hexes(16).upper(), "cryptogram"), "=57": P(track2().replace("=", "D"), "track"),
            "=9F36": "00A%s" % run(1), "=82": "3900", "=95": "0000008000", "=9F1A": "0276", "=9C": "00",
            "=9F37": hexes(8).upper()}
    chosen = R.sample(list(tags), 8)
    return o({pick(["emv", "icc data", "chip tags"]): o({t: tags[t] for t in ["=5A"] + chosen})}, lookalikes())


def dispute():
    p = who()
    return o({"dispute id": "DSP-" + no_luhn(8), "claim": o(f(p, "pan names email? phone?"),
                                                            {"reason": pick(["10.4", "4853", "F29"]),
                                                                "claimed amount": amount(),
                                                                "transaction date": day()})},
             {pick(["cardholder letter", "statement of customer", "narrative"]): text(p)}, lookalikes())


def three_ds():
    p = who()
    month = "%02d%02d" % (R.randint(27, 33), R.randint(1, 12))
    if R.random() < 0.4:
        return o({"=messageType": "AReq", "=acctNumber": P(pan_digits(), "pan"), "=cardExpiryDate": P(month, "expiry"),
                  "=browserIP": value("ip", p), "=cardholderName": P(p.full, "person_name"),
                  "=email": P(p.email, "email"),
                  "=shipAddrLine1": P(p.street, "address"), "=shipAddrCity": P(p.city, "address"),
                  "=shipAddrPostCode": P(p.zip, "address"), "=purchaseAmount": run(4, "2"), "=dsTransID": uuid(),
                  "=messageVersion": "2.2.0"})
    return o({"authentication": o(f(p, "cryptogram pan expiry ip"), {"eci": "05", "trans status": "Y",
        "acs trans id": uuid()}), "shopper": o(f(p, "names email phone place?"))}, lookalikes())


def fraud_input():
    p = who()
    return o({"payer": o(f(p, "names email phone birth?")), pick(["instrument", "payment method"]): o(card_fields(p),
        {"bin": run(6, "4"), "issuer country": "LT"}), pick(["network", "connection"]): o(f(p, "ip"),
            {"asn": "AS" + run(5), "tor exit": False}),
              "delivery": o(f(p, "place")), "device": o({"screen": "1170x2532",
                                                         "battery": "81%"}, f(p, "owner? mac?"))},
                                                         {"score": R.randint(0, 999), "velocity 24h": 3}, lookalikes())


def embossing():
    rows = []
    for _ in range(R.randint(1, 3)):
        p = who()
        rows.append(o(f(p, "pan expiry full"), f(p, pick(["track1", "track2", "cvv", "pinblock"])),
                      {"plastic code": fmt("@@-##"), "sequence": R.randint(1, 9)}))
    return o({"bureau job": "JOB-" + no_luhn(8), pick(["cards", "records"]): rows}, lookalikes())


def card_order():
    p = who()
    return o({"request": "REPLACE_CARD", pick(["old card", "card"]): o(f(p, "pan expiry?"),
        {"product": "Gold Cashback 2.0"}), pick(["ship to", "recipient"]): o(f(p, "names place phone?"))}, lookalikes())


def pin_change():
    p = who()
    return o({"op": "PIN_CHANGE", "channel": "ATM", "payload": o(f(p, "pan"), f(p, pick(["pin", "pinblock"])))},
             lookalikes())


def psp_payment():
    p = who()
    return o({pick(["payment method", "card"]): o({"type": "scheme"}, card_fields(p, "cvv")),
              pick(["shopper", "buyer"]): o(f(p, "names email phone? ip?")), "billing": o(f(p, "place"))},
             {"amount": o({"value": R.randint(100, 99999), "currency": pick(["EUR", "TRY", "BRL"])}),
              "reference": "PAY-" + no_luhn(10)}, lookalikes())


def form_body():
    p = who()
    fields = o(f(p, "pan expiry cvv? full email? phone?"), {"order": no_luhn(8), "amount": amount(), "locale": "fr-CA"})
    return o({"content type": "application/x-www-form-urlencoded", pick(["body", "raw body", "payload"]): inside(fields,
        lambda m: urllib.parse.urlencode({k: str(x) for k, x in m.items()}))}, lookalikes())


# ---- banks

def bare_iban(country):
    return iban(country).replace(" ", "")


def iso20022(side):
    def make():
        p, q = who(), who()
        return {"GrpHdr": {"MsgId": "MSG" + no_luhn(12), "CreDtTm": stamp(), "NbOfTxs": "1", "CtrlSum": amount()},
                side: {"PmtId": {"EndToEndId": "E2E-" + no_luhn(9), "UETR": uuid()},
                "Amt": {"InstdAmt": {"Ccy": "EUR", "value": amount()}},
                "Dbtr": {"Nm": P(p.full, "person_name"), "PstlAdr": {"StrtNm": P(p.street, "address"),
                    "TwnNm": P(p.city, "address"), "PstCd": P(p.zip, "address"), "Ctry": p.country}},
                "DbtrAcct": {"Id": {"IBAN": P(iban(p.country), "iban")}},
                "DbtrAgt": {"FinInstnId": {"BICFI": upper(4) + "DEFF"}}, "Cdtr": {"Nm": P(q.full, "person_name")},
                "CdtrAcct": {"Id": pick([{"IBAN": P(iban(q.country), "iban")},
                {"Othr": {"Id": value("account", q), "SchmeNm": "BBAN"}}])},
                "RmtInf": {"Ustrd": text(pick([None, p]))}}}
    return make


def transfer():
    p, q = who(), who()
    debtor, creditor = pick([("debtor", "creditor"), ("ordering", "beneficiary"), ("sender", "receiver"),
                             ("originator", "payee")])
    return o({"message": "pacs.008", "end to end id": "E2E-" + no_luhn(9), "interbank amount": amount(),
              debtor + " name": P(p.full, "person_name"),
              debtor + " iban": P(iban(p.country), "iban"), creditor + " name": P(q.full, "person_name"),
              creditor + " iban": P(iban(q.country), "iban"),
              debtor + " street": P(p.street, "address"), debtor + " town": P(p.city, "address"),
              "unstructured remittance": text(pick([None, q]), 1, 1)}, lookalikes())


def statement():
    p, rows = who(), []
    for _ in range(R.randint(1, 3)):
        q = who()
        rows.append(o({"booking date": day(), "amount": amount(), "entry ref": no_luhn(14)},
                      f(q, pick(["iban full", "account full", "iban"])), {"remittance": text(pick([None, q]), 1, 1)}))
    return o({"statement no": "2027/%s" % run(3), "owner": o(f(p, "full iban"))},
             {"entries": rows, "closing balance": amount()}, lookalikes())


def open_banking():
    p = who()
    return o({"consent id": uuid(), "permissions": ["ReadBalances", "ReadTransactionsDetail"],
              pick(["accounts", "resources"]): [o({"currency": "GBP", "account type": "Personal"},
                                                  f(p, "account full") if R.random() < 0.4 else f(p, "iban full"))],
              "psu": o(f(p, "ip email? phone?"))}, lookalikes())


def ach():
    rows = []
    for _ in range(R.randint(1, 3)):
        p = who("US")
        rows.append(o(f(p, "aba account full"), {"sec code": "PPD", "amount cents": R.randint(100, 99999)}))
    return o({"file creation": stamp(), pick(["payouts", "entries", "credits"]): rows}, lookalikes())


def mt103():
    p, q = who("DE"), who()
    lines = ["{4:", ":20:" + no_luhn(10), ":23B:CRED", ":32A:270314EUR%s,00" % run(4, "1"), ":50K:/" + bare_iban("DE"),
             p.full, p.street, ":59:/" + bare_iban(q.country), q.full, ":70:INV " + no_luhn(8), ":71A:SHA", "-}"]
    raw = P("\n".join(lines), "iban", "person_name", "address")
    return o({"format": "MT103", pick(["message", "raw", "fin"]): raw}, lookalikes())


def merchant_boarding():
    people = []
    for role in R.sample(["owner", "director", "signatory"], R.randint(1, 2)):
        p = who()
        people.append(o({"role": role, "share": "%d%%" % R.randint(25, 100)},
                        f(p, "names birth id email? phone? place")))
    return o({"application": "APP-" + no_luhn(7), "legal entity": o({"registered name": pick(ORGS), "mcc": "5732",
        "website": "https://shop.example.org"}), pick(["beneficial owners", "principals"]): people,
        "settlement": o(f(who(), "iban"))}, lookalikes())


# ---- people

def kyc():
    p = who()
    return o({"check id": uuid(), pick(["applicant", "subject"]): o(f(p, "names birth id? place email? phone?")),
              "document": o({"type": "PASSPORT", "issuing country": p.country, "confidence": "0.97"},
                            f(p, pick(["passport", "passport", "licence"])))}, lookalikes())


def tax_form():
    p = who(pick(["US", "GB", "CA", "IN", "DE", "IT", "ES", "PL", "NL", "BR"]))
    return o({"form": pick(["W-9", "CRS-SC", "DAC7"]), "tax year": "2026",
              pick(["taxpayer", "recipient"]): o(f(p, "names id place")), "withheld": amount(), "box 1": amount()},
              lookalikes())


def screening():
    p, q = who(), who()
    return o({"list version": "2027-02-%s" % run(2, "1"), "query": o(f(p, "full birth")),
              "hits": [o({"match": "%d%%" % R.randint(60, 99), "list": "EU-CFSP", "entity ref": "E." + run(5)},
                         f(q, "full birth passport?"))]}, lookalikes())


def foreign():
    country = pick(sorted(LANGS))
    p, n = who(country), LANGS[country]
    made = {"given": P(p.given, "person_name"), "family": P(p.family, "person_name"), "street": P(p.street, "address"),
            "city": P(p.city, "address"), "zip": P(p.zip, "address"), "birth": P(pick([p.birth, p.birth_local]),
                "birth_date"),
            "phone": P(pick([p.home, p.abroad]), "phone"), "email": P(p.email, "email"),
            "iban": P(iban(country), "iban"), "pan": P(pan(), "pan"), "expiry": P(expiry(), "expiry")}
    person = {pick(n[c].split("|")): made[c] for c in R.sample(list(made), R.randint(5, 9))}
    other = {"DE": {"bestellnummer": no_luhn(9), "betrag": amount(), "lieferzeitraum": "08:00-12:00"},
             "FR": {"numero_commande": no_luhn(9), "montant": amount(), "reference_colis": "6A" + run(11)},
             "ES": {"numero_pedido": no_luhn(9), "importe": amount()},
             "BR": {"numero_pedido": no_luhn(9), "valor_total": amount(), "nota_fiscal": run(9)},
             "PL": {"numer_zamowienia": no_luhn(9), "kwota": amount()},
             "TR": {"siparis_no": no_luhn(9), "tutar": amount()}, "JP": {"注文番号": no_luhn(9), "金額": "¥12,800"},
             "CN": {"订单号": no_luhn(16), "金额": amount()}, "IT": {"numero_ordine": no_luhn(9), "importo": amount()},
             "SE": {"ordernummer": no_luhn(9), "belopp": amount()}, "KR": {"주문번호": no_luhn(9), "금액": "12800"},
             "BG": {"номер_на_поръчка": no_luhn(9), "сума": amount()}}
    return o({"=" + pick(n["root"].split("|")): person}, {"=" + k: x for k, x in other[country].items()},
             lookalikes(0, 3))


id_queue = []


def national_id_record():
    rows = []
    for _ in range(R.randint(2, 4)):
        if not id_queue:
            id_queue.extend((country, i) for country in sorted(v.IDS) for i in range(len(v.IDS[country])))
            R.shuffle(id_queue)
        country, i = id_queue.pop()
        kind, make, names = v.IDS[country][i]
        rows.append(o({"check": "PASSED", "checked at": stamp()}, f(who(country), "full?"),
                      {pick(names.split("|")): P(make(), kind)}))
    return o({pick(["id checks", "registry lookups", "verifications"]): rows}, lookalikes())


def payroll():
    p = who()
    return o({"payslip": "2027-%02d" % R.randint(1, 12), pick(["employee", "worker",
        "staff member"]): o({"department": "Treasury"}, f(p, "names birth? id iban email? phone? place?")),
        "gross": amount(), "net": amount()}, lookalikes())


def insurance():
    p = who()
    return o({"claim number": "CLM/" + no_luhn(8), "vehicle": o({"make": "Skoda Octavia",
        "mileage km": R.randint(1000, 200000)}, f(p, "vin")), pick(["driver", "claimant"]): o(f(p,
            "names licence phone? birth?")), "statement": text(p), "payout": o(f(p, "iban?"), {"estimate": amount()})},
            lookalikes())


def booking():
    pax = []
    for _ in range(R.randint(1, 2)):
        p = who()
        pax.append(o({"seat": fmt("1#A"), "fare class": "Y"}, f(p, "names birth passport")))
    return o({"segments": [o({"flight": fmt("KX %##"), "from": "VIE", "to": "OPO", "std": stamp(), "terminal": "2"})],
              pick(["passengers", "travellers", "pax"]): pax, "contact": o(f(who(), "email phone"))}, lookalikes())


def health_invoice():
    p = who()
    return o({"invoice": "H-" + no_luhn(8), "patient": o(f(p, "mrn names birth? place?")),
              "lines": [o({"code": "99213", "text": "Office visit", "price": amount()}),
                        o({"code": "LAB-221", "price": amount()})], "payer": o(f(p, "iban? email?"))}, lookalikes())


def fhir():
    p = who(pick(["GB", "NL", "DE", "US", "IE", "FR"]))
    kind, make, _ = ("nhs_number", nhs, "") if p.country == "GB" else p.ids()
    system = {"nhs_number": "https://fhir.nhs.uk/Id/nhs-number", "ssn": "http://hl7.org/fhir/sid/us-ssn"}.get(kind)
    ids = [{"use": "usual", "type": {"coding": [{"code": "MR"}]}, "system": "urn:oid:1.2.36.146.595.217.0.1",
            "value": P(no_luhn(8), "medical_record")}] + ([{"system": system,
                                                            "value": P(make(), kind)}] if system else [])
    return {"resourceType": "Patient", "id": hexes(12), "meta": {"versionId": "3", "lastUpdated": stamp()},
            "identifier": ids, "name": [{"use": "official", "family": P(p.family, "person_name"),
                                         "given": [P(p.given, "person_name")]}],
            "telecom": R.sample([{"system": "phone", "use": "mobile", "value": P(p.abroad, "phone")},
                                 {"system": "email", "value": P(p.email, "email")}], R.randint(1, 2)),
                                 "birthDate": P(p.birth, "birth_date"),
            "address": [{"line": [P(p.street, "address")], "city": P(p.city, "address"),
                         "postalCode": P(p.zip, "address")}]}


def health_ids():
    p = who("GB")
    return o({"referral": "RF-" + no_luhn(7), "desk": "Outpatients 2",
              pick(["patient", "service user"]): o({pick(["nhs number", "nhs no", "nhs id"]): P(nhs(), "nhs_number")},
                                                   f(p, "names birth? phone? place?"))}, lookalikes())


def telematics():
    p = who()
    return o({"rental agreement": "RA-" + no_luhn(7), pick(["renter", "driver"]): o(f(p, "names licence birth phone?")),
              "car": o(f(p, "vin"), {"model": "Fabia Combi", "odometer": R.randint(10, 90000)}),
              "deposit": o(card_fields(p))}, lookalikes())


def courier():
    p = who()
    return o({"parcel": "JD0" + no_luhn(16), "weight g": R.randint(50, 9000),
              pick(["consignee", "deliver to", "recipient"]): o(f(p, "full place phone email?")),
              "window": "10:00-12:00", "depot": "HUB-%s" % run(2)}, lookalikes())


def crypto_payout():
    p = who()
    return o({"asset": pick(["BTC", "ETH"]), "units": "0.0%s" % run(5), "destination": o(f(p, pick(["btc", "eth"]))),
              "requested by": o(f(p, "email ip? full?")), "network fee": "0.00012", "tx hash": hexes(64)}, lookalikes())
