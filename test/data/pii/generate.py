#!/usr/bin/python3
"""Writes the generated labelled documents: generate.py SEED COUNT > generated.jsonl

One document a line: {"document": …, "pii": [[path, detector], …]}. Labels name the detectors that are measured (pan,
device_pan, iban, ssn, email, ip, phone) and say where each is; any other match of these is a false one. Values are made
here from the standards' rules, not with the engine, and no real person's."""
import base64
import json
import random
import sys
import urllib.parse
import uuid

R = random.Random(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
FIRST = "Ana Bruno Chloé Dmitri Eva Farid Grace Hiro Ingrid João Karin Liam Mei Noor Olu Priya Quentin Rosa Søren Tariq".split()
LAST = "Almeida Becker Costa Dubois Evans Ferrari García Huang Ivanov Jensen Kowalski Larsson Müller Nguyen Okafor Patel".split()
DOMAINS = ["example.com", "example.org", "mail.example.net", "post.example.de", "example.co.uk", "acme-pay.example.io", "test.example.museum"]
WORDS = "the customer asked about a refund and wants to know when the token was suspended please check again tomorrow".split()


def digits(n, first="0123456789"):
    return R.choice(first) + "".join(R.choice("0123456789") for _ in range(n - 1))


def luhn_digit(body):
    total = 0
    for i, c in enumerate(reversed(body)):
        d = int(c)
        if i % 2 == 0:
            d = d * 2 - 9 if d > 4 else d * 2
        total += d
    return str(-total % 10)


def pan_digits():
    kind = R.choice(["visa"] * 4 + ["mc"] * 3 + ["mc2", "amex", "amex", "disc", "diners", "jcb", "cup"])
    prefix, length = {"visa": ("4", 16), "mc": (str(R.randint(51, 55)), 16), "mc2": (str(R.randint(2221, 2720)), 16),
                      "amex": (R.choice(["34", "37"]), 15), "disc": (R.choice(["6011", "644", "65"]), 16),
                      "diners": (R.choice(["36", "38", "300", "305"]), 14), "jcb": (str(R.randint(3528, 3589)), 16),
                      "cup": ("62", R.choice([16, 19]))}[kind]
    body = prefix + "".join(R.choice("0123456789") for _ in range(length - 1 - len(prefix)))
    return body + luhn_digit(body)


def group(text, sizes, sep):
    out, at = [], 0
    for s in sizes:
        out.append(text[at:at + s])
        at += s
    return sep.join(out + ([text[at:]] if at < len(text) else []))


def pan_text():
    p = pan_digits()
    style = R.random()
    if style < 0.5:
        return p
    sizes = [4, 6, 5] if len(p) == 15 else [4, 6, 4] if len(p) == 14 else [4, 4, 4, 4]
    text = group(p, sizes, R.choice([" ", "-", " ", "."]))
    if style > 0.95:
        text = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in text)
    elif style > 0.9:
        text = text[:4] + "\u200b" + text[4:]
    return text


IBANS = {"DE": "n18", "GB": "a4n14", "FR": "n10c11n2", "NL": "a4n10", "ES": "n20", "IT": "a1n10c12", "PL": "n24", "CH": "n5c12", "AT": "n16",
         "BE": "n12", "SE": "n20", "NO": "n11", "PT": "n21", "IE": "a4n14", "MT": "a4n5c18", "SA": "n2c18"}


def iban():
    cc = R.choice(sorted(IBANS))
    spec, bban, i = IBANS[cc], "", 0
    while i < len(spec):
        kind, j = spec[i], i + 1
        while j < len(spec) and spec[j].isdigit():
            j += 1
        pool = {"n": "0123456789", "a": "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "c": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"}[kind]
        bban += "".join(R.choice(pool) for _ in range(int(spec[i + 1:j])))
        i = j
    number = int("".join(str(int(c, 36)) for c in bban + cc + "00"))
    plain = f"{cc}{98 - number % 97:02d}{bban}"
    style = R.random()
    return plain if style < 0.5 else group(plain, [4] * (len(plain) // 4), " ") if style < 0.85 else plain.lower()


def ssn():
    area = R.choice([a for a in range(1, 900) if a != 666])
    return f"{area:03d}-{R.randint(1, 99):02d}-{R.randint(1, 9999):04d}"


def email():
    local = R.choice(["{f}.{l}", "{f}", "{f}_{l}{n}", "{f}+shop", "{l}-{f}", "{n}.{l}"]).format(
        f=R.choice(FIRST), l=R.choice(LAST), n=R.randint(1, 2000))
    local = local.encode("ascii", "ignore").decode().lower()
    return f"{local}@{R.choice(DOMAINS)}"


def phone():
    nanp = f"{R.randint(2, 9)}{R.randint(0, 8)}{R.randint(2, 9)}", f"{R.randint(2, 9)}{R.randint(0, 9)}{R.randint(2, 9)}", digits(4)
    return R.choice([
        lambda: "+1 ({}) {}-{}".format(*nanp), lambda: "({}) {}-{}".format(*nanp), lambda: "{}-{}-{}".format(*nanp),
        lambda: "+1{}{}{}".format(*nanp), lambda: "{}.{}.{}".format(*nanp), lambda: "+1-{}-{}-{}".format(*nanp),
        lambda: f"+44 20 {digits(4, '3789')} {digits(4)}", lambda: f"+447{digits(9)}", lambda: f"07{digits(3)} {digits(6)}",
        lambda: f"020 {digits(4, '378')} {digits(4)}", lambda: f"+49 30 {digits(7, '123456789')}", lambda: f"+49 (0)89 {digits(6)}",
        lambda: f"0049 171 {digits(7)}", lambda: "+33 6 " + " ".join(digits(2) for _ in range(4)), lambda: "01 " + " ".join(digits(2) for _ in range(4)),
        lambda: f"+34 6{digits(2)} {digits(3)} {digits(3)}", lambda: f"+91 {digits(5, '6789')} {digits(5)}", lambda: f"+81-90-{digits(4)}-{digits(4)}",
        lambda: f"+55 11 9{digits(4)}-{digits(4)}", lambda: f"+65 {digits(4, '689')} {digits(4)}", lambda: f"+971 50 {digits(3)} {digits(4)}",
    ])()


def ip():
    v6 = [lambda: ":".join(f"{R.randint(0, 65535):x}" for _ in range(8)), lambda: f"2001:db8::{R.randint(1, 65535):x}",
          lambda: f"fe80::{R.randint(1, 65535):x}:{R.randint(1, 65535):x}:{R.randint(1, 65535):x}:{R.randint(1, 65535):x}"]
    v4 = f"{R.choice([10, 192, 172, 203, 198, 81, 93, 45])}.{R.randint(0, 255)}.{R.randint(0, 255)}.{R.randint(1, 254)}"
    return v4 if R.random() < 0.7 else R.choice(v6)()


MAKERS = {"pan": pan_text, "iban": iban, "ssn": ssn, "email": email, "phone": phone, "ip": ip}
KEYS = {"pan": ["cardNumber", "pan", "value", "field_7", "primaryAccountNumber", "memo", "CARD_NO"],
        "iban": ["iban", "account", "beneficiaryIban", "x", "payoutTarget", "ref2"],
        "ssn": ["ssn", "taxId", "govId", "comment", "socialSecurityNumber", "id2"],
        "email": ["email", "contactEmail", "login", "user", "notify", "cc", "e-mail"],
        "phone": ["phone", "mobilePhone", "contact", "primary", "tel", "callback", "number"],
        "ip": ["ip", "clientIp", "source", "remote_addr", "peer", "seenFrom", "device_ip_address"]}
SENTENCES = {"pan": ["Card {} was declined twice", "charged to {}, then reversed", "PAN: {}."],
             "iban": ["please refund to {} asap", "IBAN {} is on file", "transfer ({}) failed"],
             "ssn": ["SSN {} verified by agent", "her number is {} she says", "id check: {}"],
             "email": ["reach me at {} please", "cc {}; thanks", "mail from <{}> bounced"],
             "phone": ["call {} after 5pm", "tel. {}", "customer on {} hung up"],
             "ip": ["login from {} blocked", "client {} timed out", "[{}] connection refused"]}


def hex_string(n):
    return "".join(R.choice("0123456789abcdef") for _ in range(n))


def not_luhn(n, first):
    while True:
        d = digits(n, first)
        if luhn_digit(d[:-1]) != d[-1]:
            return d


NEGATIVES = [
    ("requestId", lambda: str(uuid.UUID(int=R.getrandbits(128), version=4))), ("traceId", lambda: hex_string(32)), ("sha", lambda: hex_string(40)),
    ("checksum", lambda: hex_string(64)), ("createdAt", lambda: f"2026-{R.randint(1, 12):02d}-{R.randint(1, 28):02d}T{R.randint(0, 23):02d}:15:42.{digits(6)}Z"),
    ("ts", lambda: 1700000000000 + R.randint(0, 10**11)), ("epoch", lambda: 1700000000 + R.randint(0, 10**8)), ("nanos", lambda: 1700000000000000000 + R.randint(0, 10**17)),
    ("orderNumber", lambda: not_luhn(16, "4")), ("orderId", lambda: "ORD-" + digits(10)), ("sequence", lambda: R.randint(10**9, 10**12)),
    ("lat", lambda: round(R.uniform(-90, 90), 13)), ("amount", lambda: round(R.uniform(1, 10**6), 2)), ("score", lambda: R.random()),
    ("appVersion", lambda: ".".join(str(R.randint(0, 40)) for _ in range(4))), ("osVersion", lambda: f"{R.randint(9, 17)}.{R.randint(0, 6)}.{R.randint(0, 9)}"),
    ("userAgent", lambda: f"Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/{R.randint(90, 130)}.0.{R.randint(1, 250)}.{R.randint(1, 250)} Mobile"),
    ("tokenUniqueReference", lambda: "DWSPMC000000000" + hex_string(32)), ("paymentAccountReference", lambda: "V001" + digits(25)),
    ("tokenRequestorId", lambda: R.choice(["40010030273", "50110030273", "50120834693"])), ("panSuffix", lambda: digits(4)), ("last4", lambda: digits(4)),
    ("panReferenceId", lambda: "V-" + digits(17)), ("build", lambda: f"{R.randint(1, 9)}.{R.randint(0, 99)}.{R.randint(0, 99)}-rc{R.randint(1, 9)}"),
    ("lsn", lambda: f"{R.randint(0, 15):X}/{R.getrandbits(32):08X}"), ("serialNumber", lambda: "".join(R.choice("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789") for _ in range(12))),
    ("tracking", lambda: "1Z" + digits(16)), ("sku", lambda: f"{digits(3)}-{digits(3)}-{digits(2)}"), ("expires", lambda: "2026-12-31"), ("time", lambda: f"{R.randint(10, 23)}:{R.randint(10, 59)}:{R.randint(10, 59)}"),
    ("semver", lambda: f"{R.randint(0, 9)}.{R.randint(0, 20)}.{R.randint(0, 20)}+2026{digits(4)}"), ("package", lambda: f"lodash@4.17.{R.randint(1, 30)}"), ("asset", lambda: R.choice(["icon@2x.png", "logo@3x.webp"])),
    ("handle", lambda: "@" + R.choice(LAST).lower()), ("invoice", lambda: f"INV-{digits(3)}-{digits(2)}-{digits(4)}"), ("masked", lambda: "411111******" + digits(4)), ("invalid", lambda: f"000-{digits(2)}-{digits(4)}"),
    ("iban_typo", lambda: "DE00" + digits(18)), ("gtin", lambda: not_luhn(13, "4")), ("ratio", lambda: f"{digits(1)}:{digits(2)}"), ("mccList", lambda: [5411, 5812, 5999]), ("cpp", lambda: "std::vector::size"),
    ("netmask", lambda: "255.255.255.0"), ("listen", lambda: "0.0.0.0:8080"), ("color", lambda: "#" + hex_string(6)), ("nonce", lambda: base64.b64encode(R.randbytes(24)).decode()), ("cert", lambda: base64.b64encode(R.randbytes(90)).decode()),
    ("ticket", lambda: f"see ticket {digits(3)}{digits(3)}{digits(4)} for details"), ("release", lambda: f"upgraded to version {R.randint(1, 20)}.{R.randint(0, 9)}.{R.randint(0, 9)}.{R.randint(0, 9)}"),
    ("note", lambda: f"refund of 1,{digits(3)},{digits(3)}.50 issued on 2026-0{digits(1, '123456789')}-1{digits(1)}"), ("iccRange", lambda: f"{digits(4)}-{digits(4)}"), ("snowflake", lambda: str(1300000000000000000 + R.getrandbits(57))),
    ("partNumber", lambda: f"{digits(3)}-{digits(2)}-{digits(4)}"), ("status", lambda: R.choice(["ACTIVE", "SUSPENDED", "INACTIVE"])), ("os", lambda: R.choice(["ANDROID", "IOS"])), ("flag", lambda: R.random() < 0.5)]


def filler():
    key, make = R.choice(NEGATIVES)
    return key, make()


def place(doc, labels, kind, prefix):
    value = MAKERS[kind]()
    key = R.choice(KEYS[kind]) + R.choice(["", "", "_" + str(R.randint(1, 9))])
    if key in doc:
        return
    style = R.random()
    step = f'."{key}"' if not key.replace("_", "a").isalnum() else "." + key
    if style < 0.62:
        doc[key] = value
    elif style < 0.84:
        key, step = "note" + str(len(doc)), ".note" + str(len(doc))
        doc[key] = " ".join(R.sample(WORDS, 4)) + ". " + R.choice(SENTENCES[kind]).format(value)
    elif style < 0.90:
        doc[key] = [value]
        step += "[0]"
    elif style < 0.94:
        key, step = "payload" + str(len(doc)), ".payload" + str(len(doc))
        doc[key] = json.dumps({"data": {"k": value, "ok": True}})
    elif style < 0.97:
        key, step = "query" + str(len(doc)), ".query" + str(len(doc))
        doc[key] = "a=1&v=" + urllib.parse.quote(value, safe="") + "&z=2"
    else:
        key, step = "blob" + str(len(doc)), ".blob" + str(len(doc))
        doc[key] = base64.b64encode(json.dumps({"v": value, "n": 1}).encode()).decode()
    labels.append([prefix + step, kind])


def document():
    doc, labels = {}, []
    for section in R.sample(["device", "request", "context", "detail", "audit", "meta"], 3):
        inner = {}
        for _ in range(R.randint(2, 7)):
            key, value = filler()
            inner[key] = value
        if R.random() < 0.55:
            place(inner, labels, R.choice(sorted(MAKERS)), "$." + section)
        doc[section] = inner
    if R.random() < 0.5:
        place(doc, labels, R.choice(sorted(MAKERS)), "$")
    for _ in range(R.randint(1, 4)):
        key, value = filler()
        doc[key] = value
    if R.random() < 0.15 and "pan" not in doc:
        body = not_luhn(16, "4")[:15]
        doc["n"] = int(body + luhn_digit(body))
        labels.append(["$.n", "pan"])
    return {"document": doc, "pii": labels}


for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 400):
    print(json.dumps(document(), ensure_ascii=False))
