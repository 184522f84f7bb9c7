"""Parts of documents for generate_third.py: members and their names, what only looks like PII, texts, coded strings."""
import base64
import json
import urllib.parse
import uuid

import third_values as v
from third_values import R, NATIONAL, Person, pick, run
from marked import P, plain


def kinds_of(node):
    labels = []
    plain(node, "$", labels)
    return list(dict.fromkeys(kind for _, kind in labels))


# ---- names of members

STYLES = {
    "camel": lambda w: w[0] + "".join(x.capitalize() for x in w[1:]), "snake": "_".join, "kebab": "-".join,
    "pascal": lambda w: "".join(x.capitalize() for x in w), "joined": "".join,
          "screaming": lambda w: "_".join(w).upper(),
    "dotted": ".".join, "spaced": lambda w: " ".join(x.capitalize() for x in w)}


class Style:
    """How one document writes its names."""
    def __init__(self):
        self.style = STYLES[R.choices(list(STYLES), [6, 6, 2, 3, 2, 2, 1, 1])[0]]
        self.before = pick([[], [], [], ["customer"], ["applicant"], ["payer"], ["user"], ["primary"], ["beneficial",
            "owner"]])
        self.after = pick(["", "", "", "", "", "__c", "_1", "_value", "_txt"]) if self.style is STYLES["snake"] else ""

    def __call__(self, words, affixes=True):
        return self.style(((self.before if affixes else []) + words.split())) + (self.after if affixes else "")


NAMES = {
    "given": ["first name", "given name", "forename"], "family": ["last name", "surname", "family name"],
    "full": ["full name", "name on card", "cardholder name", "account holder name", "legal name", "contact name"],
    "street": ["street", "street address", "address line 1", "address line1", "street name"], "city": ["city", "town",
        "address city"],
    "zip": ["zip", "postal code", "zip code", "post code"], "pan": ["card number", "pan", "account pan",
                                                                    "primary account number", "cc number"],
    "iban": ["iban", "bank account iban", "payout iban", "refund account"], "ssn": ["ssn", "social security number",
        "us ssn", "ssn number"],
    "email": ["email", "email address", "e mail", "work email", "login email"],
    "phone": ["phone", "mobile phone", "phone number", "mobile number", "cell phone", "telephone", "work phone",
              "msisdn"],
    "ip": ["ip", "ip address", "client ip", "remote addr", "source ip", "last login ip"], "birth": ["birth date",
        "date of birth", "dob"]}
# The names of members in other languages.
FOREIGN = [
    {"given": "prénom", "family": "nom_de_famille", "street": "adresse", "city": "ville", "zip": "code_postal",
     "phone": "téléphone",
     "email": "courriel", "birth": "date_de_naissance"},
    {"given": "nombre", "family": "apellidos", "street": "dirección", "city": "ciudad", "zip": "código_postal",
     "phone": "teléfono",
     "email": "correo_electrónico", "birth": "fecha_de_nacimiento"},
    {"given": "Vorname", "family": "Nachname", "street": "Straße", "city": "Wohnort", "zip": "PLZ",
     "phone": "Telefonnummer",
     "email": "E-Mail-Adresse", "birth": "Geburtsdatum"},
    {"given": "nome", "family": "sobrenome", "street": "endereço", "city": "cidade", "zip": "cep", "phone": "telefone",
     "email": "e-mail", "birth": "data_de_nascimento"},
    {"given": "nome", "family": "cognome", "street": "indirizzo", "city": "città", "zip": "cap", "phone": "cellulare",
     "email": "email",
     "birth": "data_di_nascita"},
    {"given": "voornaam", "family": "achternaam", "street": "straatnaam", "city": "woonplaats", "zip": "postcode",
     "phone": "telefoonnummer",
     "email": "emailadres", "birth": "geboortedatum"},
    {"given": "imię", "family": "nazwisko", "street": "ulica", "city": "miejscowość", "zip": "kod_pocztowy",
     "phone": "numer_telefonu",
     "email": "adres_email", "birth": "data_urodzenia"}]
DETECTOR = {"given": "person_name", "family": "person_name", "full": "person_name", "street": "address",
            "city": "address", "zip": "address",
            "birth": "birth_date"}


def value(kind, person):
    made = {"given": lambda: person.given, "family": lambda: person.family, "full": lambda: person.written,
            "street": lambda: person.street,
            "city": lambda: person.city, "zip": lambda: person.zip, "pan": v.card, "iban": v.iban, "ssn": v.ssn,
            "email": v.email,
            "phone": v.phone, "ip": v.ip, "birth": lambda: person.birth}[kind]()
    if kind == "pan" and made.isascii() and made.isdigit() and R.random() < 0.15:
        made = int(made)
    if kind == "ssn" and R.random() < 0.25:
        made = made.replace("-", "")
    return P(made, DETECTOR.get(kind, kind))


def member(kind, person, style, affixes=True):
    return style(pick(NAMES[kind]), affixes), value(kind, person)


def national(style=None, own_evidence=False):
    kind = pick([k for k, n in NATIONAL.items() if n[2] or not own_evidence])
    detector, make, _, names = NATIONAL[kind]
    return (style or Style())(pick(names), False), P(make(), detector)


def person_under(person, names):
    """An object of a fixed vocabulary: {its name: kind}."""
    return {name: value(kind, person) if kind in NAMES else kind for name, kind in names.items()}


# ---- what only looks like it

def hexes(n):
    return run(n, "0123456789abcdef")


def not_luhn(n, first=""):
    return v.until(lambda: next((b for b in [first + run(n - len(first))] if v.luhn(b[:-1]) != b[-1]), None))


def day():
    return "20%02d-%02d-%02d" % (R.randint(18, 31), R.randint(1, 12), R.randint(1, 28))


def clock():
    return "%02d:%02d:%02d" % (R.randint(0, 23), R.randint(0, 59), R.randint(0, 59))


def stamp():
    return pick([day() + "T" + clock() + "Z", day() + "T" + clock() + ".%03d+02:00" % R.randint(0, 999),
                 day() + " " + clock()])


def four(most=60):
    return ".".join(str(R.randint(0, most)) for _ in range(4))


COMPANIES = ["Northwind Traders", "Café Müller KG", "Globex Corporation", "株式会社さくら商店", "ООО Ромашка",
             "Bäckerei Sonne GmbH",
             "Initech Payments Ltd", "Tienda El Sol S.A.", "Aurora Mobility AB", "Tyrell & Sons"]
PRODUCTS = ["Espresso Maker 3000", "Bohemian Rhapsody (Remastered)", "USB-C Cable 2 m", "Gift Card 50 EUR",
            "Yoga Mat Pro", "Premium Plan"]
UUID = lambda: str(uuid.UUID(int=R.getrandbits(128), version=4))  # noqa: E731

LOOK = {
    "schema version": lambda: four(), "firmware": lambda: "fw " + four(),
        "sdk version": lambda: "%d.%d.%d" % tuple(R.randint(0, 30) for _ in range(3)),
    "wallet app version": lambda: four(20), "created at": stamp, "expires at": stamp,
        "valid until": lambda: R.randint(17 * 10**8, 21 * 10**8),
    "maintenance window": lambda: "%s %s - %s %s" % (day(), clock()[:5], day(), clock()[:5]),
        "opening hours": lambda: "08:30-17:45",
    "period": lambda: day() + "/" + day(), "order no": lambda: pick([not_luhn(16, "4"), run(10, first="123"),
                                                                     "SO-" + run(8), run(3) + "-" + run(7) + "-"
                                                                     + run(7)]),
    "ticket id": lambda: pick(["INC" + run(7), "#" + run(6), "HELP-" + run(5)]),
        "tracking code": lambda: pick(["1Z999AA1" + run(10), "RR" + run(9) + "CN",
                                                                                                      "JJD0"
                                       + run(16)]),
    "correlation id": UUID, "request hash": lambda: hexes(64), "git sha": lambda: hexes(40),
        "etag": lambda: 'W/"' + hexes(24) + '"',
    "isbn": lambda: pick(["978-1-4028-9462-6", "978-0-13-468599-1", "0-19-853453-1"]),
        "ean": lambda: v.ean13(pick(["400", "871", "590"]) + run(9)),
    "amount": lambda: R.randint(100, 10**9) / 100, "total": lambda: "{:,.2f}".format(R.uniform(10**3, 10**8)),
        "balance": lambda: "%d.%03d,%02d" % (
        R.randint(1, 999), R.randint(0, 999), R.randint(0, 99)),
    "geo hash": lambda: run(9, "0123456789bcdefghjkmnpqrstuvwxyz"),
        "masked pan": lambda: pick(["4111 11** **** " + run(4), "XXXX-XXXX-XXXX-" + run(4),
                                                                           "•••• " + run(4), "552099xxxxxx" + run(4)]),
    "pan last four": lambda: run(4), "bin": lambda: pick(["411111", "55209900", "222300"]),
        "token reference id": lambda: "DNITHE" + run(33),
    "token unique reference": lambda: "DWSPMC00000000" + hexes(34).upper(), "payment account reference": lambda: "500"
        + run(26, LETTERS_DIGITS),
    "retry count": lambda: R.randint(0, 9), "sequence": lambda: R.randint(10**5, 10**11),
        "batch size": lambda: R.randint(1, 5000),
    "duration ms": lambda: R.randint(1, 90000), "score": lambda: R.random(),
        "part no": lambda: pick([run(3) + "-" + run(5) + "-" + run(2), "PN-" + run(8), run(4)
                                                                                               + "-" + pick("ABC")
                                 + run(3)]),
    "callback url": lambda: "https://api.example.com/v2/orders/" + run(12, first="123") + "/items/" + run(8),
        "image": lambda: "registry.example/pay:4.%d.%d" % (R.randint(0, 40), R.randint(0, 9)),
    "currency rate": lambda: "1 EUR = %.6f USD" % R.uniform(0.8, 1.5), "product name": lambda: pick(PRODUCTS),
        "company name": lambda: pick(COMPANIES),
    "merchant name": lambda: pick(COMPANIES), "campaign name": lambda: "spring-2026",
        "file name": lambda: "report-%s-%s.csv" % (day(), run(6)),
    "event name": lambda: "wallet.opened", "time zone": lambda: "Asia/Kolkata", "locale": lambda: "pt-BR",
        "ttl": lambda: 3600, "expires in": lambda: 86400,
    "mcc": lambda: pick(["5812", "4111", "7995"]), "terminal id": lambda: run(8), "approval code": lambda: run(6),
    "cvv result": lambda: "M", "avs result": lambda: "Y", "pin verified": lambda: True, "email verified": lambda: False,
        "phone type": lambda: "MOBILE",
    "ip version": lambda: 4, "address type": lambda: "RESIDENTIAL", "netmask": lambda: "255.255.252.0",
        "listen address": lambda: "0.0.0.0:8443",
    "upstream": lambda: "127.0.0.1:9000", "mac algorithm": lambda: "HmacSHA256", "resolution": lambda: "1179x2556",
        "dimensions": lambda: "%d x %d x %d mm" % (
        R.randint(9, 400), R.randint(9, 400), R.randint(9, 400)),
    "progress": lambda: "%d/%d" % (R.randint(0, 99), 100), "lsn": lambda: "%X/%08X" % (R.randint(0, 99),
        R.getrandbits(32)), "checksum crc32": lambda: hexes(8),
    "snowflake": lambda: str(R.randint(10**17, 10**18)), "epoch ms": lambda: R.randint(16 * 10**11, 18 * 10**11),
        "nanos": lambda: str(R.randint(16 * 10**17,
                                                                                                                            18 * 10**17)),
    "lat": lambda: round(R.uniform(-90, 90), 6), "lon": lambda: round(R.uniform(-180, 180), 6),
        "color": lambda: "#" + hexes(6), "quantity": lambda: R.randint(1, 99),
    "status": lambda: pick(["granted", "DECLINED", "in review"]), "pass": lambda: pick(["granted", "boarding"]),
        "track": lambda: pick(PRODUCTS),
    "session expires": lambda: 1800, "token expiry": lambda: "%02d/%d" % (R.randint(1, 12), R.randint(27, 33)),
        "plan": lambda: "gold",
    "contract no": lambda: "V-%s/%s" % (run(5), run(2)), "iban check": lambda: "passed",
        "checked ref": lambda: "GB00NWBK60161331926819",
    "article": lambda: pick(["000-45-1234", "666-45-1234", "123-00-1234"]),
        "user agent": lambda: "okhttp/4.%d.%d" % (R.randint(0, 12), R.randint(0, 9)),
    "browser": lambda: "Mozilla/5.0 (iPhone; CPU iPhone OS 17_%d like Mac OS X) AppleWebKit/605.1.15 Version/17.%d Mobile/15E148" % (R.randint(0, 6), R.randint(0, 6)),
    "build": lambda: "%d.%d.%d+%s" % (R.randint(1, 9), R.randint(0, 40), R.randint(0, 9), hexes(7)),
        "line items": lambda: [R.randint(1, 10**6) for _ in range(4)],
    "oid": lambda: "2.16.840.1.113883.%d.%d" % (R.randint(1, 9), R.randint(1, 99)), "flags": lambda: "0x" + hexes(8),
        "serial no": lambda: run(12, LETTERS_DIGITS),
    "cert fingerprint": lambda: ":".join(hexes(2).upper() for _ in range(20))}
LETTERS_DIGITS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

ASIDE = ["order %d shipped in 2 parcels, weight 2.4 kg", "retrying (attempt 3 of 5) after 1500 ms",
         "window 2026-03-01 22:00 - 2026-03-02 04:30 is booked",
         "release 10.4.0.12 rolled out to 25 %%", "version 4.19.0.3 is no longer supported",
         "paid EUR 1.250.000,00 against invoice 2026-00%d",
         "card ending in 4242 was declined", "batch %d/500 done, 12 skipped", "user agreed to terms v2.3.1 at 10:22:07",
         "ISBN 978-0-306-40615-7, 2nd edition",
         "case #%d closed as duplicate of INC0042817", "masked 4111-11XX-XXXX-1111, response 05", "sha256:" + "9f" * 32,
         "score 0.8731 above threshold 0.75",
         "dimensions 120 x 80 x 14.5 cm", "trace 4bf92f3577b34da6a3ce929d0e0e4736 sampled",
         "took 0.0123 s, 1,024 rows, 98.7 %% hit rate",
         "see https://status.example.com/incidents/%d?page=2", "flight LH 1234 on 2026-07-19 at 06:50, gate B12",
         "lat 52.5200, lon 13.4050, accuracy 12 m"]


def aside():
    text = pick(ASIDE)
    return text % R.randint(1000, 9999999) if "%d" in text else text % ()


def decoys(doc, style, least=2, most=6):
    for _ in range(R.randint(least, most)):
        words = pick(list(LOOK))
        doc.setdefault(style(words, False), LOOK[words]())
    if R.random() < 0.4:
        doc.setdefault(style(pick(["note", "remark", "details", "log line", "message"]), False), aside())
    return doc


def shuffled(doc):
    items = list(doc.items())
    R.shuffle(items)
    return dict(items)


# ---- texts

ALONE = ["see %s", "%s please check", "got '%s' again", "(%s)", "value=%s;", "überprüfen: %s", "%s is wrong",
         "kontrollera %s i dag", "tárgy: %s", "проверить %s",
         "请核对 %s 谢谢", "%sを確認してください", "확인 %s 바랍니다", "يرجى التحقق %s", "ตรวจสอบ %s ด้วย", "a=1 b=\"%s\" c=3",
         "<td>%s</td>", "| %s |", "[%s]", "%s\r\nnext line",
         "1) %s 2) none", "failed for %s after 3 attempts", "order 4711: %s", "request rejected: %s", "trace %s end",
         "ticket says %s, case open", "* %s", "→ %s"]
WORDED = {"pan": ["card %s was charged", "Kartennummer %s", "tarjeta %s rechazada", "карта %s", "PAN=%s",
                  "carte n° %s"],
          "iban": ["IBAN %s", "transfer to %s today", "Kontonummer: %s", "virement sur %s"], "ssn": ["SSN: %s",
          "social security number is %s", "ssn=%s"],
          "email": ["mail to %s", "Von: <%s>", "email=%s", "contact %s or call", "mailto:%s"],
          "ip": ["client %s:", "from %s", "login from %s failed", "ip=%s", "X-Real-IP: %s",
                 "blocked %s for 15 minutes"],
          "phone": ["call me at %s", "Tel.: %s", "phone %s", "Telefon %s", "тел. %s", "cell: %s", "móvil %s", "tél. %s",
                    "mobile=%s", "fax %s", "電話 %s", "전화 %s"]}
IN_TEXT = {"pan": v.card, "iban": v.iban, "ssn": v.ssn, "email": v.email, "ip": v.ip_in_text, "phone": v.phone_abroad}


def fragment(kind=None):
    """A piece of text with one value: its text and its detector."""
    kind = kind or pick(list(IN_TEXT) + ["national", "national"])
    if kind == "national":
        words, marked = national(lambda words, _: words, own_evidence=True)
        return (pick(ALONE) % marked.value if R.random() < 0.5 else words + ": " + marked.value), marked.kinds[0]
    if R.random() < 0.5:
        return pick(WORDED[kind]) % (v.phone() if kind == "phone" else IN_TEXT[kind]()), kind
    return pick(ALONE) % IN_TEXT[kind](), kind


def text(count=None):
    parts = [fragment() for _ in range(count or pick([1, 1, 1, 2, 3]))]
    words = [p[0] for p in parts]
    if R.random() < 0.4:
        words.insert(R.randint(0, len(words)), aside())
    return P(pick([". ", "; ", " - ", "\n", ", "]).join(words), *dict.fromkeys(p[1] for p in parts))


# ---- strings with documents inside

def inside(node, style=None):
    """The node as a string, in one of the forms in which documents travel in strings; its detectors with it."""
    data = plain(node)
    dense = json.dumps(data, ensure_ascii=R.random() < 0.5, separators=pick([(",", ":"), (", ", ": ")]))
    b64 = base64.b64encode(dense.encode()).decode()
    forms = [lambda: dense, lambda: dense, lambda: json.dumps({"body": dense}), lambda: b64,
             lambda: base64.urlsafe_b64encode(dense.encode()).decode().rstrip("="),
             lambda: "payload=" + urllib.parse.quote(dense), lambda: stamp() + " INFO received " + dense,
             lambda: "data:application/json;base64," + b64,
             lambda: "%s.%s.%s" % (base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("="),
                                   base64.urlsafe_b64encode(dense.encode()).decode().rstrip("="),
                                   run(43, LETTERS_DIGITS))]
    kinds = kinds_of(node)
    # Whether what is inside a JWT counts by itself is a matter of taste: there it has none.
    at = R.randrange(len(forms) - 1 if kinds else len(forms))
    if at == len(forms) - 1:
        return P(forms[at](), "jwt")
    return P(forms[at](), *kinds) if kinds else forms[at]()


def form(pairs):
    """pairs as a form or a URL."""
    coded = urllib.parse.urlencode([(name, plain(x)) for name, x in pairs], quote_via=pick([urllib.parse.quote,
        urllib.parse.quote_plus]))
    kinds = list(dict.fromkeys(kind for _, x in pairs for kind in kinds_of(x)))
    url = pick(["", "https://pay.example.com/return?", "/checkout/confirm?", "POST /submit HTTP/1.1\r\n\r\n"]) + coded
    return P(url, *kinds) if kinds else url
