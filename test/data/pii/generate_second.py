#!/usr/bin/python3
"""Writes a second set of labelled documents: generate_second.py SEED COUNT > second.jsonl

The same form as generate.py's, written without looking at it or at the scanners: tables of how values are written and
where they turn up, put together at random, and as many documents that only look as if they held something. Numbers are
those that issuers and registries publish as examples, or made from their rules."""
import base64
import json
import random
import re
import sys
import urllib.parse
import uuid

R = random.Random(int(sys.argv[1]) if len(sys.argv) > 1 else 2)
pick = R.choice


def digits(n, first="0123456789"):
    return pick(first) + "".join(pick("0123456789") for _ in range(n - 1))


def luhn(body):
    total = 0
    for i, c in enumerate(reversed(body)):
        total += sum(divmod(int(c) * (2 if i % 2 == 0 else 1), 10))
    return str(-total % 10)


# ---- values as people write them

CARDS = ["4111111111111111", "4012888888881881", "4242424242424242", "4000056655665556", "5555555555554444",
         "5105105105105100", "5200828282828210", "2223003122003222", "2223000048400011", "378282246310005",
         "371449635398431", "378734493671000", "6011111111111117", "6011000990139424", "30569309025904",
         "38520000023237", "36227206271667", "3530111333300000", "3566002020360505", "6200000000000005",
         "6205500000000000004", "4917610000000000003"]
PREFIXES = [("4", 16), ("4", 16), ("51", 16), ("55", 16), ("2221", 16), ("2720", 16), ("34", 15), ("37", 15), ("6011", 16),
            ("644", 16), ("65", 16), ("622126", 16), ("3528", 16), ("3589", 16), ("300", 14), ("36", 14), ("62", 19)]


def card():
    if R.random() < 0.4:
        number = pick(CARDS)
    else:
        prefix, length = pick(PREFIXES)
        body = prefix + digits(length - len(prefix) - 1)
        number = body + luhn(body)
    groups = [4, 6, 5] if len(number) == 15 else [4, 6, 4] if len(number) == 14 else [4, 4, 4, 4, 3]
    parts, at = [], 0
    for size in groups:
        parts.append(number[at:at + size])
        at += size
    parts = [p for p in parts if p]
    return pick([number, number, number, " ".join(parts), "-".join(parts), "\u00a0".join(parts), "\u200b".join(parts),
                 number.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
                 number.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))])


IBANS = """AD1200012030200359100100 AE070331234567890123456 AT611904300234573201 BE68539007547034 BG80BNBG96611020345678
CH9300762011623852957 CY17002001280000001200527600 CZ6508000000192000145399 DE89370400440532013000 DK5000400440116243
EE382200221020145685 ES9121000418450200051332 FI2112345600000785 FR1420041010050500013M02606 GB29NWBK60161331926819
GE29NB0000000101904917 GI75NWBK000000007099453 GR1601101250000000012300695 HR1210010051863000160 IL620108000000099999999
HU42117730161111101800000000 IE29AIBK93115212345678 IS140159260076545510730339 IT60X0542811101000000123456
KW81CBKU0000000000001234560101 LT121000011101001000 LU280019400644750000 LV80BANK0000435195001 MC5811222000010123456789030
MT84MALT011000012345MTLCAST001S NL91ABNA0417164300 NO9386011117947 PL61109010140000071219812874 PT50000201231234567890154
RO49AAAA1B31007593840000 RS35260005601001611379 SA0380000000608010167519 SE4550000000058398257466 SI56263300012039086
SK3112000000198742637541 SM86U0322509800000000270100 TR330006100519786457841326 UA213223130000026007233566001
XK051212012345678906 QA58DOHB00001234567890ABCDEFG BR1800360305000010009795493C1""".split()


def iban():
    plain = pick(IBANS)
    grouped = " ".join(plain[i:i + 4] for i in range(0, len(plain), 4))
    return pick([plain, plain, grouped, grouped, plain.lower(), grouped.replace(" ", "-"), plain[:4] + " " + plain[4:]])


def ssn():
    area = pick([a for a in (R.randint(1, 899), R.randint(1, 665)) if a != 666])
    text = "%03d-%02d-%04d" % (area, R.randint(1, 99), R.randint(1, 9999))
    return pick([text, text, text, text.replace("-", " "), text.replace("-", "\u2011")])


def email():
    local = pick(["joe", "ana.silva", "m_mueller", "k.o'hara", "first.last+shop", "x1", "info-desk", "1234567", "j.-p.dubois", "_bob_"])
    host = pick(["example.com", "example.co.uk", "mail.example.org", "example.museum", "post.example.de", "münchen.example",
                 "xn--mnchen-3ya.example", "a.b.c.example.net"])
    text = local + "@" + host
    return pick([text, text, text, text.upper(), text.title()])


def ip():
    return pick([lambda: "%d.%d.%d.%d" % (R.randint(1, 126), R.randint(0, 255), R.randint(0, 255), R.randint(1, 254)),
                 lambda: "192.168.%d.%d" % (R.randint(0, 255), R.randint(1, 254)),
                 lambda: "2001:db8:%x::%x" % (R.randint(1, 65535), R.randint(1, 65535)),
                 lambda: ":".join("%x" % R.randint(0x100, 0xffff) for _ in range(8)),
                 lambda: "fe80::%x:%x:%x:%x" % tuple(R.randint(0x100, 0xffff) for _ in range(4)),
                 lambda: "::ffff:198.51.100.%d" % R.randint(1, 254)])()


PHONES = """+1 415 555 0132|+1-212-555-0187|(415) 555-0132|415-555-0132|415.555.0132|+14155550132|+44 20 7946 0958|020 7946 0958|
+447700900123|07700 900123|+49 30 901820|030 901820|+49 (0)30 901820|0170 1234567|+33 1 42 68 53 00|01 42 68 53 00|
06 12 34 56 78|+34 912 345 678|+39 06 698 12345|+31 20 123 4567|020-1234567|+32 2 123 45 67|+41 44 668 18 00|044 668 18 00|
+43 664 1234567|+48 22 123 45 67|+46 8 123 456 78|08-123 456 78|+47 22 12 34 56|+45 32 12 34 56|+358 9 123 4567|
+351 21 123 4567|+353 1 234 5678|+7 495 123-45-67|8 (495) 123-45-67|+380 44 123 4567|+90 212 123 45 67|+91 98765 43210|
+86 138 0013 8000|+81 3-1234-5678|03-1234-5678|090-1234-5678|+82 2-312-3456|+55 11 91234-5678|(11) 91234-5678|
+52 55 1234 5678|+54 11 1234-5678|+61 2 9374 4000|(02) 9374 4000|+64 9 123 4567|+27 11 123 4567|+65 6123 4567|
+852 2123 4567|+971 4 123 4567|+972 3-123-4567|+234 803 123 4567|0049 30 901820""".replace("\n", "").split("|")


def phone():
    return pick(PHONES)


VALUES = {"pan": card, "iban": iban, "ssn": ssn, "email": email, "ip": ip, "phone": phone}
KEYS = {
    "pan": ["pan", "cardNumber", "card_number", "CARD-NO", "primaryAccountNumber", "creditCardNumber", "fpan", "ccNumber"],
    "iban": ["iban", "IBAN", "debtor_iban", "payoutIban", "accountNumber", "creditor-account"],
    "ssn": ["ssn", "SSN", "socialSecurityNumber", "social_security_no", "customerSsn"],
    "email": ["email", "e-mail", "EMAIL_ADDRESS", "contactEmail", "userEmail", "login", "replyTo"],
    "ip": ["ip", "ipAddress", "client_ip", "remoteAddr", "x-forwarded-for", "lastLoginIp"],
    "phone": ["phone", "phoneNumber", "mobile", "MSISDN", "contact_phone", "tel", "fax", "callbackNumber", "homephone"],
}
NEUTRAL = ["note", "comment", "value", "text", "remark", "payload", "input", "field_7", "answer", "description", "msg"]
# What stands around a value in a text: %s once or twice.
AROUND = ["%s", "see %s", "he wrote %s twice", "%s, please check", "(%s)", "\"%s\"", "<v>%s</v>", "<a b=\"%s\"/>", "a;%s;b", "1,%s,2",
          "|%s|", "Bitte %s prüfen", "por favor revisar %s hoy", "voir %s svp", "проверьте %s сегодня", "请检查%s谢谢", "%sを確認", "%s\nbye",
          "first line\n%s", "%s and %s", "[%s]", "{%s}", "it is: %s.", "…%s…", "2026-11-22T06:11:37.917466Z WARN worker-3 refused %s",
          "{\"level\":\"info\",\"msg\":\"got %s\"}", "v=%s", "'%s'", "* %s *"]
WORDS = {"pan": ["card %s", "Karte: %s", "PAN %s declined", "tarjeta n.º %s", "carte %s"], "iban": ["IBAN %s", "iban:%s", "Konto %s"],
         "ssn": ["SSN %s", "his social security number is %s"], "email": ["mailto:%s", "Joe Doe <%s>", "E-Mail: %s"],
         "ip": ["from %s", "X-Forwarded-For: %s", "http://%s/"], "phone": ["Tel. %s", "call %s after five", "Phone: %s"]}


def written(kind):
    value = VALUES[kind]()
    form = pick(WORDS[kind]) if R.random() < 0.3 else pick(AROUND)
    if kind == "ip" and ":" in value and form.startswith("http"):
        value = "[" + value + "]"
    return form.replace("%s", value)


def embedded(kind):
    """A value inside something that has to be decoded first."""
    value = VALUES[kind]()
    inner = json.dumps({pick(NEUTRAL): value, "seq": R.randint(1, 999)}, ensure_ascii=R.random() < 0.5)
    b64 = base64.b64encode(inner.encode()).decode()
    return pick([lambda: inner, lambda: json.dumps({"body": inner}), lambda: b64,
                 lambda: base64.urlsafe_b64encode(inner.encode()).decode().rstrip("="),
                 lambda: "\n".join(b64[i:i + 40] for i in range(0, len(b64), 40)),
                 lambda: "https://shop.example/p?x=1&v=" + urllib.parse.quote(value, safe="") + "&y=2",
                 lambda: "data=" + urllib.parse.quote(inner), lambda: "got " + inner + " from queue",
                 lambda: "[a] [b] " + inner, lambda: "https://shop.example/cb/" + b64.replace("+", "-").replace("/", "_")])()


# ---- what only looks like it

def other_number(n, first=None):
    while True:
        number = (first or "") + digits(n - len(first or ""), "123456789" if not first else "0123456789")
        if luhn(number[:-1]) != number[-1]:
            return number


def hexes(n):
    return "".join(pick("0123456789abcdef") for _ in range(n))


def capitals(n):
    return "".join(pick("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(n))


def when():
    return "20%02d-%02d-%02d" % (R.randint(15, 29), R.randint(1, 12), R.randint(1, 28))


def clock():
    return "%02d:%02d:%02d" % (R.randint(0, 23), R.randint(0, 59), R.randint(0, 59))


LOOKALIKES = {
    "id": lambda: str(uuid.UUID(int=R.getrandbits(128), version=4)), "traceId": lambda: hexes(32), "spanId": lambda: hexes(16),
    "commit": lambda: hexes(40), "checksum": lambda: hexes(64), "etag": lambda: '"%s-%s"' % (hexes(16), hexes(2)),
    "digest": lambda: base64.b64encode(R.randbytes(32)).decode(), "nonce": lambda: base64.urlsafe_b64encode(R.randbytes(16)).decode().rstrip("="),
    "orderId": lambda: pick([digits(9, "123456789"), "ORD-2026-" + digits(6), other_number(16), other_number(12), "#" + digits(7)]),
    "orderNumber": lambda: digits(3) + "-" + digits(7) + "-" + digits(7), "invoice": lambda: "INV-" + digits(4) + "/" + digits(2),
    "sku": lambda: pick([capitals(3) + "-" + digits(4) + "-" + capitals(2), digits(4, "123") + "-" + digits(3) + "-" + digits(2)]),
    "trackingNumber": lambda: pick(["1Z" + hexes(6).upper() + digits(10), "94" + digits(20), other_number(12), "JD01" + digits(16)]),
    "createdAt": lambda: when() + "T" + clock() + "." + digits(6) + "Z", "updated": lambda: when() + " " + clock() + "+00",
    "printed": lambda: "%02d/%02d/20%02d %02d:%02d" % (R.randint(1, 28), R.randint(1, 12), R.randint(10, 29), R.randint(0, 23), R.randint(0, 59)),
    "epoch": lambda: R.randint(15 * 10**8, 19 * 10**8), "epochMs": lambda: R.randint(15 * 10**11, 19 * 10**11),
    "epochUs": lambda: R.randint(15 * 10**14, 19 * 10**14), "epochNs": lambda: str(R.randint(15 * 10**17, 19 * 10**17)),
    "version": lambda: "%d.%d.%d.%d" % tuple(R.randint(0, 40) for _ in range(4)), "appVersion": lambda: "v%d.%d.%d" % tuple(R.randint(0, 40) for _ in range(3)),
    "userAgent": lambda: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%d.0.0.0 Safari/537.36" % R.randint(90, 140),
    "oid": lambda: "1.3.6.1.4.1.311.%d" % R.randint(1, 99), "isbn": lambda: pick(["978-3-16-148410-0", "0-306-40615-2"]),
    "ean": lambda: pick(["4006381333931", "8711253001202", "5901234123457"]), "amount": lambda: round(R.uniform(1, 10**6), 2),
    "price": lambda: "{:,.2f}".format(R.uniform(10**3, 10**9)), "balance": lambda: "{:,.2f}".format(R.uniform(10**3, 10**9)).replace(",", " "),
    "lat": lambda: round(R.uniform(-90, 90), 7), "coordinates": lambda: "%.6f, %.6f" % (R.uniform(-90, 90), R.uniform(-180, 180)),
    "ratio": lambda: R.random(), "factor": lambda: float(other_number(16) + ".5"), "mcc": lambda: pick(["5411", "5812", "7995"]),
    "lsn": lambda: "%X/%08X" % (R.randint(0, 255), R.getrandbits(32)), "eventId": lambda: "%016X-%08X-%016X" % (R.getrandbits(40), R.randint(1, 99), R.getrandbits(51)),
    "tokenUniqueReference": lambda: "DWSPMC000000000" + hexes(33), "tokenRequestorId": lambda: pick(["40010030273", "50110030273", "50120834693"]),
    "paymentAccountReference": lambda: "V0010013021" + digits(18), "last4": lambda: digits(4), "maskedPan": lambda: "411111******" + digits(4),
    "cardBin": lambda: pick(["411111", "520000", "37828224"]), "panSuffix": lambda: digits(4), "serial": lambda: capitals(4) + digits(8),
    "resolution": lambda: "2400x1080", "dimensions": lambda: "%d x %d x %d" % tuple(R.randint(10, 999) for _ in range(3)),
    "path": lambda: "/var/log/app/%s-%s.log" % (when(), digits(6)), "arn": lambda: "arn:aws:iam::" + digits(12) + ":role/relay",
    "image": lambda: "registry.example/app@sha256:" + hexes(64), "package": lambda: "react@18.%d.%d" % (R.randint(0, 9), R.randint(0, 9)),
    "call": lambda: "std::vector<Foo>::push_back", "ref": lambda: capitals(2) + digits(8) + capitals(2),
    "attempt": lambda: other_number(16, "4"), "candidate": lambda: "DE00370400440532013000", "typo": lambda: pick(["000-12-3456", "666-12-3456", "123-00-4567"]),
    "csv": lambda: ",".join(digits(4) for _ in range(5)), "samples": lambda: [R.randint(0, 10**6) for _ in range(5)],
}
PROSE = ["order %s shipped, weight 2.4 kg, 3 items", "build %s took 41 s", "%s: nothing to do", "release %s is out", "batch %s of 12 done in 3.141592 s"]


def lookalike(doc):
    key = pick(list(LOOKALIKES))
    value = LOOKALIKES[key]()
    if isinstance(value, str) and key not in ("version", "attempt", "tokenRequestorId") and R.random() < 0.2:
        doc[pick(NEUTRAL) + str(R.randint(10, 99))] = pick(PROSE) % value
    else:
        doc[key] = value


# ---- documents

ORDINARY = [
    lambda: ("device", {"deviceType": "PHONE", "deviceModel": pick(["iPhone14,2", "SM-G991B", "Pixel 8 Pro"]), "osName": "ANDROID", "osVersion": "14.0.0",
                        "formFactor": "PHONE", "storageTechnology": "SE", "languageCode": "en", "timezone": "Europe/Berlin"}),
    lambda: ("merchant", {"name": pick(["Acme GmbH", "Corner Shop 5", "Blue Ltd."]), "merchantId": other_number(15), "mcc": "5411", "city": "Berlin",
                          "postalCode": pick(["10115", "02139-4307", "SW1A 1AA"]), "country": "DE", "terminalId": digits(8)}),
    lambda: ("transaction", {"amount": R.randint(1, 10**7), "currency": "EUR", "rrn": other_number(12), "stan": digits(6), "authCode": digits(6),
                             "entryMode": "051", "cvvResult": "M", "avsResult": "Y", "responseCode": "00"}),
    lambda: ("tokenInfo", {"tokenUniqueReference": "DWSPMC000000000" + hexes(33), "tokenStatus": "ACTIVE", "tokenPanSuffix": digits(4),
                           "accountPanSuffix": digits(4), "tokenRequestorId": "50110030273", "dsrpCapable": True}),
    lambda: ("status", {"status": pick(["RECEIVED", "PROCESSING", "COMPLETED"]), "attempts": R.randint(0, 3), "lastUpdated": when() + "T" + clock() + "Z",
                        "emailVerified": True, "phoneVerified": False, "pinVerified": True, "expiresIn": 3600}),
]


def step(key):
    return "." + key if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", key) else '."%s"' % key


def add_value(doc, path, labels):
    kind = pick(list(VALUES))
    way = R.random()
    if way < 0.35:
        key, value = pick(KEYS[kind]), VALUES[kind]()
        if kind == "pan" and value.isascii() and value.isdigit() and R.random() < 0.3:
            value = int(value)
    elif way < 0.75:
        key, value = pick(NEUTRAL), written(kind)
    else:
        key, value = pick(NEUTRAL), embedded(kind)
    if key in doc:
        return
    doc[key] = value
    labels.append([path + step(key), kind])


def document():
    doc, labels = {}, []
    for _ in range(R.randint(1, 3)):
        name, part = pick(ORDINARY)()
        doc[name] = part
    for _ in range(R.randint(2, 6)):
        lookalike(doc)
    if R.random() < 0.6:
        for _ in range(R.randint(1, 3)):
            add_value(doc, "$", labels)
        inner = {"items": [{}, {}], "seq": 1}
        add_value(inner["items"][1], "$.data.items[1]", labels)
        lookalike(inner["items"][0])
        doc["data"] = inner
    return doc, labels


if __name__ == "__main__":
    for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 500):
        doc, labels = document()
        print(json.dumps({"document": doc, "pii": labels}, ensure_ascii=False, separators=(",", ":")))
