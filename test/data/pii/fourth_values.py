"""Values of the fourth set: numbers with right check digits, people, and what only looks like PII."""
import random
import re

R = random.Random()
pick = R.choice


def run(n, first=None):
    return (pick(first) if first else pick("0123456789")) + "".join(pick("0123456789") for _ in range(n - 1))


def hexes(n):
    return "".join(pick("0123456789abcdef") for _ in range(n))


def upper(n):
    return "".join(pick("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(n))


def uuid():
    return "%s-%s-4%s-a%s-%s" % (hexes(8), hexes(4), hexes(3), hexes(3), hexes(12))


def total(digits, weights):
    return sum(int(d) * w for d, w in zip(digits, weights))


def luhn(body):
    s = 0
    for i, d in enumerate(reversed(body)):
        d = int(d) * (2 if i % 2 == 0 else 1)
        s += d - 9 if d > 9 else d
    return str(-s % 10)


def until(make):
    while True:
        made = make()
        if made:
            return made


def is_luhn(digits):
    return luhn(digits[:-1]) == digits[-1]


def no_luhn(n, first="123456789"):
    return until(lambda: (lambda d: None if is_luhn(d) else d)(run(n, first)))


# ---- cards and banks

RANGES = [("4147", 16), ("4929", 16), ("4532", 16), ("5425", 16), ("5199", 16), ("2223", 16), ("2720", 16), ("3742", 15),
          ("3717", 15), ("6011", 16), ("6550", 16), ("3566", 16), ("3614", 14), ("6282", 16), ("6240", 16),
          ("4917", 16)]


def pan_digits(ranges=None):
    prefix, length = pick(ranges or RANGES)
    body = prefix + run(length - 1 - len(prefix))
    return body + luhn(body)


def pan():
    d = pan_digits()
    if len(d) != 16:
        return d
    four = [d[i:i + 4] for i in range(0, 16, 4)]
    return pick([d, d, d, " ".join(four), "-".join(four)])


def masked():
    d = pan_digits([("4147", 16), ("5425", 16)])
    return pick([d[:6] + "******" + d[12:], "************" + d[12:], "XXXX-XXXX-XXXX-" + d[12:], d[:4] + " **** **** " + d[12:],
                 "x" + d[12:], "•••• " + d[12:]])


IBANS = {"NL": "4a10n", "BE": "12n", "DE": "18n", "AT": "16n", "FI": "14n", "DK": "14n", "SE": "20n", "NO": "11n",
         "PT": "21n", "HU": "24n", "CZ": "20n", "HR": "17n", "LT": "16n", "EE": "16n", "IE": "4a14n", "GB": "4a14n",
         "GR": "23n", "CY": "24n", "PL": "24n", "SI": "15n", "RO": "4a16n", "LU": "16n", "MT": "4a23n", "GE": "2a16n",
         "TR": "22n", "IL": "19n", "KZ": "16n", "SA": "20n", "AE": "19n"}


def iban():
    country = pick(list(IBANS))
    body = "".join(upper(int(n)) if kind == "a" else run(int(n)) for n, kind in re.findall(r"(\d+)([an])", IBANS[country]))
    if country == "TR":
        body = body[:5] + "0" + body[6:]
    digits = "".join(str(int(c, 36)) for c in body + country + "00")
    plain = "%s%02d%s" % (country, 98 - int(digits) % 97, body)
    return pick([plain, plain, " ".join(plain[i:i + 4] for i in range(0, len(plain), 4))])


def aba():
    body = pick(["0210", "1110", "0710", "1210", "2510", "3222"]) + run(4)
    return body + str(-total(body, (3, 7, 1, 3, 7, 1, 3, 7)) % 10)


def track2():
    return "%s=%02d%02d%s" % (pan_digits(), R.randint(27, 33), R.randint(1, 12), "201" + run(8))


def expiry():
    return pick(["%02d/%d" % (R.randint(1, 12), R.randint(27, 33)), "%02d/20%d" % (R.randint(1, 12), R.randint(27, 33)),
                 "20%d-%02d" % (R.randint(27, 33), R.randint(1, 12))])


# ---- numbers that a state gives: name of the kind -> (make, names that name it)

def mod11_no():
    def make():
        b = "%02d%02d%02d" % (R.randint(1, 28), R.randint(1, 12), R.randint(50, 99)) + run(3, "01234")
        k1 = -total(b, (3, 7, 6, 1, 8, 9, 4, 5, 2)) % 11
        k2 = -total(b + str(k1), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
        return None if k1 == 10 or k2 == 10 else b + "%d%d" % (k1, k2)
    return until(make)


def belgian():
    b = "%02d%02d%02d%s" % (R.randint(50, 99), R.randint(1, 12), R.randint(1, 28), "%03d" % R.randint(1, 997))
    c = "%02d" % (97 - int(b) % 97)
    return pick([b + c, "%s.%s.%s-%s.%s" % (b[:2], b[2:4], b[4:6], b[6:], c)])


def rodne():
    def make():
        b = "%02d%02d%02d" % (R.randint(55, 99), R.randint(1, 12) + pick([0, 50]), R.randint(1, 28)) + run(3)
        c = int(b) % 11
        return None if c == 10 else b[:6] + "/" + b[6:] + str(c)
    return until(make)


def oib():
    b, t = run(10), 10
    for d in b:
        t = (t + int(d)) % 10 or 10
        t = t * 2 % 11
    return b + str((11 - t) % 10)


def pt_nif():
    b = run(8, "12")
    c = 11 - total(b, range(9, 1, -1)) % 11
    return b + str(0 if c > 9 else c)


def amka():
    b = "%02d%02d%02d" % (R.randint(1, 28), R.randint(1, 12), R.randint(40, 99)) + run(4)
    return b + luhn(b)


def israeli():
    b = run(8, "0123")
    return b + luhn(b)


def rut():
    b = str(R.randint(5, 24)) + run(6)
    s = sum(int(d) * (2 + i % 6) for i, d in enumerate(reversed(b)))
    c = "0123456789K"[-s % 11]
    return pick([b + "-" + c, "%s.%s.%s-%s" % (b[:-6], b[-6:-3], b[-3:], c)])


def baltic():
    b = pick("3456") + "%02d%02d%02d" % (R.randint(50, 99), R.randint(1, 12), R.randint(1, 28)) + run(3)
    c = total(b, (1, 2, 3, 4, 5, 6, 7, 8, 9, 1)) % 11
    if c == 10:
        c = total(b, (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)) % 11 % 10
    return b + str(c)


def pps():
    b = run(7, "123456789")
    return b + "WABCDEFGHIJKLMNOPQRSTUV"[total(b, (8, 7, 6, 5, 4, 3, 2)) % 23]


def thai():
    b = run(12, "12345")
    c = b + str((11 - total(b, range(13, 1, -1)) % 11) % 10)
    return pick([c, "%s-%s-%s-%s-%s" % (c[0], c[1:5], c[5:10], c[10:12], c[12])])


def taiwan():
    letter = pick("ABCDEFGH")
    code = 10 + "ABCDEFGH".index(letter)
    b = pick("12") + run(7)
    s = code // 10 + code % 10 * 9 + total(b, range(8, 0, -1))
    return letter + b + str(-s % 10)


def emso():
    def make():
        b = "%02d%02d9%02d50" % (R.randint(1, 28), R.randint(1, 12), R.randint(50, 99)) + run(3)
        c = 11 - total(b, (7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
        return None if c == 10 else b + str(0 if c == 11 else c)
    return until(make)


def iin():
    def make():
        b = "%02d%02d%02d" % (R.randint(50, 99), R.randint(1, 12), R.randint(1, 28)) + pick("34") + run(4)
        c = total(b, range(1, 12)) % 11
        return None if c == 10 else b + str(c)
    return until(make)


def cuit():
    def make():
        b = pick(["20", "27", "23"]) + run(8, "1234")
        c = (11 - total(b, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11) % 11
        return None if c == 10 else "%s-%s-%d" % (b[:2], b[2:], c)
    return until(make)


STATE_IDS = [(mod11_no, ["fodselsnummer", "norwegian_national_id", "nationalIdentityNumber"]),
             (belgian, ["rijksregisternummer", "numero_registre_national", "belgianNationalNumber"]),
             (rodne, ["rodne_cislo", "rodneCislo", "birthNumber"]), (oib, ["oib", "OIB", "oib_broj"]),
             (pt_nif, ["numero_contribuinte", "nif", "NIF"]), (amka, ["amka", "AMKA"]),
             (israeli, ["teudat_zehut", "israeliIdNumber", "national_id"]), (rut, ["rut", "RUT", "rut_titular"]),
             (baltic, ["isikukood", "asmensKodas", "personal_code"]), (pps, ["pps_number", "ppsn", "ppsNumber"]),
             (thai, ["thai_national_id", "citizenId", "national_id_number"]),
             (taiwan, ["nationalIdNumber", "taiwan_id_number", "identityCardNo"]), (emso, ["emso", "EMSO"]),
             (iin, ["iin", "IIN", "individual_identification_number"]), (cuit, ["cuit", "cuil", "CUIT"]),
             (lambda: "%02d%02d%02d-%s" % (R.randint(1, 28), R.randint(1, 12), R.randint(40, 99), run(4)),
              ["cpr_nummer", "cprNumber"]),
             (lambda: "%02d%02d%02d-%02d-%s" % (R.randint(50, 99), R.randint(1, 12), R.randint(1, 28), R.randint(1, 14), run(4)),
              ["mykad", "mykad_no", "nric_no"]),
             (lambda: pick(["3171", "3273", "5171"]) + run(2, "0") + "%02d%02d%02d" % (R.randint(1, 28), R.randint(1, 12),
                                                                                     R.randint(50, 99)) + "000" + pick("123"),
              ["nik", "nomor_ktp", "nik_ktp"]),
             (lambda: run(10, "1"), ["cedula", "cedula_ciudadania", "numero_cedula"])]


def ssn():
    area = until(lambda: (lambda a: None if a == 666 else a)(R.randint(101, 772)))
    return "%03d-%02d-%04d" % (area, R.randint(10, 99), R.randint(1000, 9999))


# ---- contacts and machines

MAIL_NAMES = ["wout.dejonghe", "thordis88", "n.achterberg", "kiss-reka", "laszlo_toth", "ana.tavares+travel", "p.oduya",
              "mehtap.ozcan", "linh_tran", "jmaseko", "o.halldorsson", "sirje.kask", "hrvoje.babic", "tamar.beridze",
              "u.wijayanti", "dana.levi3", "kofi.asante", "r_villanueva", "b.nyqvist", "q8.zhumabek", "accounts.me",
              "eimear.ni.bhriain", "m.van.den.berg", "zsofi1994", "ruiz_de_t", "niamh-k", "agnieszka.zych", "ziv.cohen"]
HOSTS = ["fastpost.example", "mail.example.nl", "inbox.example.hu", "brief.example.com", "proton.example.ch", "kunde.example.dk",
         "posta.example.hr", "correo.example.cl", "webmail.example.co.th", "home.example.ee", "example.pt"]


def email():
    return pick(MAIL_NAMES) + pick(["", "", str(R.randint(1, 99))]) + "@" + pick(HOSTS)


PHONES = ["+31 6 2#######", "+316########", "+32 47# ## ## ##", "+36 30 ### ####", "+45 2# ## ## ##",
          "+47 9## ## ###", "+353 87 ### ####", "+351 91# ### ###", "+385 91 ### ####", "+372 5### ####", "+995 555 ## ## ##",
          "+972 54-###-####", "+66 81 ### ####", "+62 812-####-####", "+84 90# ### ###", "+56 9 6### ####", "+54 9 11 4### ####",
          "+1 312-555-01##", "+1 (415) 555-01##", "+44 7700 900###", "+61 491 570 1##", "+27 82 ### ####", "+233 24 ### ####"]


def phone():
    return re.sub("#", lambda _: pick("0123456789"), pick(PHONES))


def phone_home():
    return re.sub("#", lambda _: pick("0123456789"), pick(["(312) 555-01##", "415-555-01##", "06 2#######", "020 7946 0###",
                                                           "087 2## ####", "312.555.01##"]))


def ip():
    v4 = "%d.%d.%d.%d" % (pick([31, 46, 62, 77, 81, 94, 109, 141, 178, 185, 201, 213]), R.randint(1, 254), R.randint(0, 255),
                          R.randint(1, 254))
    v6 = "%s:%s:%s::%s" % (pick(["2a02", "2a00", "2600", "2804", "2405"]), hexes(4), hexes(3), pick("123456789abcdef"))
    full = pick(["2a02", "2001", "2607"]) + ":" + ":".join("%x" % R.randint(1, 65535) for _ in range(7))
    return pick([v4, v4, v4, v6, full])


def mac():
    return pick([":", "-"]).join(pick(["3c", "a4", "d8", "f0"]) if i == 0 else hexes(2) for i in range(6))


def imei():
    b = "35" + run(12)
    return b + luhn(b)


def vin():
    values = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9)))
    v = pick(["WVWZZZ1K", "YV1MS382", "1HGCM826", "WBA3A5C5", "VF1RFB00"]) + "0" + pick("ABCDEFGH") + upper(1) + run(6)
    s = total([values.get(c, c) for c in v], (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)) % 11
    return v[:8] + "0123456789X"[s] + v[9:]


# ---- people and places

PEOPLE = [("Wout", "De Jonghe", "Kerkstraat 14", "Gent", "9000"), ("Þórdís", "Halldórsdóttir", "Laugavegur 22", "Akureyri", "600"),
          ("Réka", "Kiss", "Kossuth Lajos utca 5.", "Debrecen", "4024"), ("László", "Tóth", "Petőfi tér 3.", "Szeged", "6720"),
          ("Inês", "Tavares", "Rua das Flores 118, 2.º Esq.", "Coimbra", "3000-124"), ("Chukwuemeka", "Oduya", "14 Awolowo Road", "Ibadan", "200001"),
          ("Mehtap", "Özcan", "Atatürk Cad. No:12 D:4", "Eskişehir", "26010"), ("Linh", "Trần Thị", "45 Nguyễn Huệ", "Huế", "530000"),
          ("Sirje", "Kask", "Pikk tn 7-3", "Tartu", "51003"), ("Hrvoje", "Babić", "Ilica 210", "Osijek", "31000"),
          ("თამარ", "ბერიძე", "რუსთაველის გამზ. 12", "ქუთაისი", "4600"), ("Utami", "Wijayanti", "Jl. Sudirman No. 88", "Bandung", "40111"),
          ("דנה", "לוי", "רחוב הרצל 5", "חיפה", "3303141"), ("Kwabena", "Asante-Boateng", "27 Ring Road East", "Kumasi", "00233"),
          ("Rosario", "Villanueva", "Av. Providencia 1208, depto 51", "Valparaíso", "2340000"), ("Birgitta", "Nyqvist", "Storgatan 9 A", "Umeå", "903 26"),
          ("Eimear", "Ní Bhriain", "3 Shop Street", "Galway", "H91 X2K4"), ("สมชาย", "ใจดี", "99/1 ถนนสุขุมวิท", "เชียงใหม่", "50200"),
          ("Søren", "Kjærgaard", "Nørregade 41, 2. tv.", "Odense", "5000"), ("Petra", "Dvořáková", "Masarykova 31", "Olomouc", "779 00"),
          ("Marguerite", "Van den Bossche", "Avenue Louise 203", "Liège", "4000"), ("Sibusiso", "Maseko", "8 Loop Street", "Durban", "4001"),
          ("Aigerim", "Zhumabekova", "Abay Avenue 150", "Shymkent", "160000"), ("Quinn", "Abernathy-Lowe", "917 Sycamore Terrace", "Duluth", "55805"),
          ("Devonte", "Whitfield", "4402 Peachtree Bend, Unit 9", "Chattanooga", "37402"), ("Ελένη", "Παπαδάκη", "Λεωφόρος Κνωσού 44", "Ηράκλειο", "71306"),
          ("Virpi", "Mäkelä", "Hämeenkatu 11 B 24", "Tampere", "33100"), ("Hyun-woo", "Seo", "12 Teheran-ro", "Suwon", "16490")]


class Person:
    def __init__(self):
        self.given, self.family, self.street, self.city, self.zip = pick(PEOPLE)
        self.full = self.given + " " + self.family
        y, m, d = R.randint(1948, 2004), R.randint(1, 12), R.randint(1, 28)
        self.birth = "%d-%02d-%02d" % (y, m, d)
        self.birth_local = "%02d.%02d.%d" % (d, m, y)
        self.email, self.phone = email(), phone()


# ---- what only looks like PII

def stamp():
    return pick(["20%02d-%02d-%02dT%02d:%02d:%02dZ", "20%02d-%02d-%02dT%02d:%02d:%02d.114+01:00", "20%02d-%02d-%02d %02d:%02d:%02d"]) % (
        R.randint(22, 27), R.randint(1, 12), R.randint(1, 28), R.randint(0, 23), R.randint(0, 59), R.randint(0, 59))


def day():
    return "20%02d-%02d-%02d" % (R.randint(22, 27), R.randint(1, 12), R.randint(1, 28))


def ean(prefix="871"):
    b = prefix + run(9)
    return b + str(-total(b, (1, 3) * 6) % 10)


def isbn():
    e = ean("978")
    return "%s-%s-%s-%s-%s" % (e[:3], e[3], e[4:8], e[8:12], e[12])


ORGS = ["Noordzee Logistics BV", "Kestrel Acquiring plc", "Balaton Bútor Kft.", "Halcyon Outfitters Inc.", "Tejo Café Lda.", "Kiwi & Fern Ltd",
        "Aurora Nordic AS", "Lotus Spa Co., Ltd.", "Montgomery Ward Outlet", "Madison Avenue Shoes"]
ITEMS = ["Georgia Pacific towels 6 x 2", "Charlotte lamp, brass", "Austin desk 140x70", "Sierra tent (4 persons)", "Jordan sneaker 42", "Cable USB-C 2 m",
         "Espresso blend 250 g", "Florence leather wallet", "Victoria sponge tin"]
TEXTS = ["Your code is {{otp}}; it expires in {{minutes}} minutes.", "Hello {{first_name}}, your card ending in {{last4}} was added to {{wallet}}.",
         "Upgraded from 4.18.2 to 4.19.0-rc.1, restart took 14.2 s", "window 2026-03-01T00:00Z/2026-03-31T23:59Z",
         "batch 20260411-003 settled, 1,482 items, EUR 93.410,77", "Offen Mo-Fr 08:00-17:30, Sa 10-14", "retry 2/5 in 800 ms (HTTP 503)",
         "see RFC 9110, section 15.5.2", "Please enter your e-mail address and phone number.", "SLA p99 < 250 ms; p50 41 ms; 3 of 12 nodes drained",
         "Invoice INV-2026-0009917 replaces INV-2026-0009871", "Field 'iban' is required", "card_number must have 12 to 19 digits",
         "range 192-223 of 512 partitions moved", "order 114-8830021-7745133 shipped in 2 parcels"]


def tracking():
    return pick(["1Z" + upper(3) + no_luhn(13), "3S" + upper(4) + no_luhn(9), "RR" + no_luhn(9) + "NL", "JVGL0" + no_luhn(10)])


DECOYS = {"schema_version": lambda: "%d.%d.%d" % (R.randint(0, 9), R.randint(0, 40), R.randint(0, 9)), "appBuild": lambda: "2026.%d.%d" % (R.randint(1, 12), R.randint(100, 999)),
          "processed_at": stamp, "orderNumber": lambda: "SO-" + no_luhn(8), "consignment": tracking, "sha256": lambda: hexes(64), "md5": lambda: hexes(32), "eventUuid": uuid,
          "ean13": ean, "isbn": isbn, "amount": lambda: "%d.%02d" % (R.randint(1, 99999), R.randint(0, 99)), "totalCents": lambda: R.randint(100, 9999999),
          "location": lambda: {"lat": round(R.uniform(-60, 60), 6), "lon": round(R.uniform(-170, 170), 6)}, "product": lambda: pick(ITEMS), "merchantName": lambda: pick(ORGS),
          "maskedPan": masked, "token_reference": lambda: "DNITHE" + no_luhn(10) + hexes(24).upper(), "body_template": lambda: pick(TEXTS), "isVerified": lambda: pick(["true", "false"]),
          "email_verified": lambda: pick(["true", "false"]), "phoneVerified": lambda: pick(["yes", "no"]), "valid_between": lambda: day() + "/" + day(), "latencyMs": lambda: R.randint(1, 9000),
          "iccid": lambda: "8931" + no_luhn(15), "mcc": lambda: pick(["5411", "4511", "5999"]), "terminal": lambda: "T" + no_luhn(7), "rrn": lambda: no_luhn(12),
          "currency": lambda: pick(["EUR", "HUF", "DKK", "THB"]), "trace_id": lambda: hexes(32), "commit": lambda: hexes(40), "sku": lambda: upper(3) + "-" + no_luhn(5),
          "last4": lambda: run(4), "country": lambda: pick(["NL", "HU", "EE", "TH"]), "ticket": lambda: "CASE-" + no_luhn(6), "user_agent": lambda:
          "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0", "flight": lambda: upper(2) + run(4, "1234"), "epoch_ms": lambda: 1760000000000 + R.randint(0, 9999999999),
          "dns_name": lambda: "pos-%s.stores.example.net" % run(3), "url": lambda: "https://cdn.example.com/v%d/img/%s.webp" % (R.randint(1, 9), hexes(16))}
