"""Numbers of generate_fifth.py with right check digits: cards, bank accounts, national ids."""
import base64
import random
import string
import uuid as uuids

R = random.Random()


def pick(x):
    return R.choice(x)


def run(n, first=""):
    return first + "".join(pick("0123456789") for _ in range(n - len(first)))


def hexes(n):
    return "".join(pick("0123456789abcdef") for _ in range(n))


def upper(n):
    return "".join(pick("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(n))


def alnum(n):
    return "".join(pick(string.ascii_letters + string.digits) for _ in range(n))


def uuid():
    return str(uuids.UUID(int=R.getrandbits(128), version=4))


def b64(n):
    return base64.b64encode(R.randbytes(n)).decode()


def luhn_digit(text):
    total = 0
    for i, c in enumerate(reversed(text)):
        d = int(c) * (2 if i % 2 == 0 else 1)
        total += d - 9 if d > 9 else d
    return str(-total % 10)


def no_luhn(n, first=""):
    """A number that is no card's: the Luhn sum is wrong."""
    while True:
        made = run(n, first or pick("123456789"))
        if luhn_digit(made[:-1]) != made[-1]:
            return made


def fmt(pattern):
    """# is a digit, % one of 2-9, @ a letter."""
    return "".join(pick("0123456789") if c == "#" else pick("23456789") if c == "%" else upper(1) if c == "@" else c
                   for c in pattern)


# ---- cards

ISSUERS = [("4", 16), ("4", 16), ("4", 16), ("51", 16), ("52", 16), ("53", 16), ("54", 16), ("55", 16), ("2221", 16),
           ("2720", 16), ("34", 15), ("37", 15), ("6011", 16), ("65", 16), ("3528", 16), ("3589", 16), ("36", 14),
           ("38", 14), ("620", 16), ("6212", 16), ("62", 19), ("5018", 16), ("6763", 16), ("6759", 18), ("2200", 16),
           ("2204", 16), ("607", 16), ("6521", 16), ("9792", 16), ("5067", 16), ("636368", 16)]


def pan_digits():
    prefix, n = pick(ISSUERS)
    body = run(n - 1, prefix)
    return body + luhn_digit(body)


def pan():
    digits, form = pan_digits(), R.random()
    if form < 0.6 or len(digits) not in (15, 16):
        return digits
    sep = pick(" -" if form < 0.95 else ".")
    cuts = [4, 10] if len(digits) == 15 else [4, 8, 12]
    return sep.join(digits[a:b] for a, b in zip([0] + cuts, cuts + [None]))


def dpan():
    body = run(15, pick(["4893", "5204", "4794", "5342"]))
    return body + luhn_digit(body)


def masked():
    return pick(["**** **** **** %s", "XXXXXXXXXXXX%s", "•••• %s", "453201******%s", "5212 34** **** %s", "xxxx-%s",
                 "………%s", "************%s"]) % run(4)


def track2():
    return "%s%s%02d%02d%s%s" % (pan_digits(), pick("=D"), R.randint(27, 33), R.randint(1, 12),
                                 pick(["201", "221", "101"]),
                                 run(R.randint(8, 11)))


def track1(p):
    return "%%B%s^%s/%s^%02d%02d201%s?" % (pan_digits(), p.ascii_family.upper(), p.ascii_given.upper(),
                                           R.randint(27, 33), R.randint(1, 12), run(12))


def expiry():
    m, y = R.randint(1, 12), R.randint(2026, 2034)
    return pick(["%02d/%02d" % (m, y % 100), "%02d/%02d" % (m, y % 100), "%02d%02d" % (m, y % 100),
                 "%02d%02d" % (y % 100, m), "%d-%02d" % (y, m), "%02d/%d" % (m, y), "%02d-%02d" % (m, y % 100),
                 "%02d.%d" % (m, y), "%d%02d" % (y, m), "%02d / %02d" % (m, y % 100), "%d/%d" % (m, y % 100),
                 pick(["Jan", "Mar", "May", "Sep", "Nov"]) + " %d" % y])


def expiry_text():
    return "%02d/%02d" % (R.randint(1, 12), R.randint(26, 34))


# ---- bank accounts

IBANS = {"DE": "##################", "FR": "#######################", "GB": "@@@@##############",
         "ES": "####################", "PT": "#####################", "PL": "########################",
         "TR": "#####0################", "IT": "@######################", "NL": "@@@@##########", "BE": "############",
         "AT": "################", "CH": "#################", "SE": "####################", "NO": "###########",
         "DK": "##############", "FI": "##############", "IE": "@@@@##############", "LU": "################",
         "CZ": "####################", "SK": "####################", "HU": "########################",
         "RO": "@@@@################", "BG": "@@@@##############", "HR": "#################", "SI": "###############",
         "GR": "#######################", "EE": "################", "LT": "################", "LV": "@@@@#############",
         "CY": "########################", "MT": "@@@@#######################", "SA": "####################",
         "AE": "###################", "IL": "###################", "BR": "#######################@#",
         "UA": "#########################", "GE": "@@################", "IS": "######################"}


def iban(country=None):
    country = country if country in IBANS else pick(sorted(IBANS))
    bban = fmt(IBANS[country])
    rest = int("".join(str(int(c, 36)) for c in bban + country + "00")) % 97
    made = "%s%02d%s" % (country, 98 - rest, bban)
    return " ".join(made[i:i + 4] for i in range(0, len(made), 4)) if R.random() < 0.4 else made


def aba():
    body = "%02d%s" % (R.randint(1, 12), run(6))
    total = sum(int(c) * w for c, w in zip(body, (3, 7, 1, 3, 7, 1, 3, 7)))
    return body + str(-total % 10)


def clabe():
    body = pick(["002", "012", "014", "072"]) + run(14)
    return body + str(-sum(int(c) * w % 10 for c, w in zip(body, (3, 7, 1) * 6)) % 10)


def bank_account():
    return pick([lambda: run(8, pick("1234567")), lambda: no_luhn(10), lambda: no_luhn(12), lambda: fmt("####-#######"),
                 clabe])()


# ---- national ids

def born():
    return R.randint(1946, 2004), R.randint(1, 12), R.randint(1, 28)


def weigh(body, weights):
    return sum(int(c) * w for c, w in zip(body, weights))


def retry(make):
    while True:
        made = make()
        if made:
            return made


def german_tax_id():
    first = pick("123456789")
    others = [c for c in "0123456789" if c != first]
    twice = pick(others)
    others = R.sample([c for c in others if c != twice], 7) + [twice, twice]
    R.shuffle(others)
    body = first + "".join(others)
    product = 10
    for c in body:
        total = (int(c) + product) % 10 or 10
        product = total * 2 % 11
    made = body + str((11 - product) % 10)
    return made if R.random() < 0.5 else "%s %s %s %s" % (made[:2], made[2:5], made[5:8], made[8:])


def pesel():
    y, m, d = born()
    body = "%02d%02d%02d%s" % (y % 100, m + (20 if y > 1999 else 0), d, run(4))
    return body + str(-weigh(body, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10)


def nif():
    n = R.randint(10000000, 79999999)
    return "%08d%s%s" % (n, pick(["", "", "-"]), "TRWAGMYFPDXBNJZSQVHLCKE"[n % 23])


def nie():
    first, n = R.randint(0, 2), R.randint(0, 9999999)
    return "%s%07d%s" % ("XYZ"[first], n, "TRWAGMYFPDXBNJZSQVHLCKE"[(first * 10000000 + n) % 23])


def codice_fiscale():
    odd = dict(zip("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                   [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12,
                    14,
                    16, 10, 22, 25, 24, 23]))
    y, _, d = born()
    body = "%s%s%02d%s%02d%s%03d" % (pick(["RSS", "BNC", "FRR", "CNT", "GLL"]),
                                     pick(["MRA", "LCU", "GLI", "PLA", "NDR"]),
                                     y % 100, pick("ABCDEHLMPRST"), d + pick([0, 40]), pick("FHLDAG"),
                                     R.randint(100, 899))
    total = sum(odd[c] if i % 2 == 0 else int(c) if c.isdigit() else ord(c) - 65 for i, c in enumerate(body))
    return body + chr(65 + total % 26)


def nino():
    made = pick("ABCEGHJKLMPRSTW") + pick("ABCEGHJKLMPRSTW") + run(6) + pick("ABCD")
    if made[:2] in ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ"):
        return nino()
    return made if R.random() < 0.5 else " ".join([made[:2], made[2:4], made[4:6], made[6:8], made[8]])


def nhs():
    body = run(9, pick("4679"))
    check = 11 - weigh(body, range(10, 1, -1)) % 11
    if check == 10:
        return nhs()
    made = body + str(check % 11)
    return pick([made, "%s %s %s" % (made[:3], made[3:6], made[6:])])


def sin():
    body = run(8, pick("1234567"))
    made = body + luhn_digit(body)
    return pick(["%s %s %s", "%s-%s-%s"]) % (made[:3], made[3:6], made[6:])


def aadhaar():
    d = [[(a + b) % 5 if b < 5 else (a + b) % 5 + 5 for b in range(10)] for a in range(5)]
    d += [[(a - b) % 5 + 5 if b < 5 else (a - b) % 5 for b in range(10)] for a in range(5, 10)]
    perm = [list(range(10)), [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]]
    while len(perm) < 8:
        perm.append([perm[1][x] for x in perm[-1]])
    body, c = run(11, pick("23456789")), 0
    for i, x in enumerate(reversed(body)):
        c = d[c][perm[(i + 1) % 8][int(x)]]
    made = body + str([0, 4, 3, 2, 1, 5, 6, 7, 8, 9][c])
    return pick([made, "%s %s %s" % (made[:4], made[4:8], made[8:])])


def ssn():
    return "%03d-%02d-%04d" % (pick([x for x in range(1, 899) if x != 666]), R.randint(1, 99), R.randint(1, 9999))


def itin():
    return "9%s-%02d-%s" % (run(2), pick([70, 72, 75, 80, 83, 86, 91, 94, 97]), run(4))


def bsn():
    body = run(8, pick("1234"))
    check = weigh(body, range(9, 1, -1)) % 11
    return body + str(check) if check < 10 else bsn()


def nir():
    y, m, _ = born()
    body = "%s%02d%02d%02d%s%s" % (pick("12"), y % 100, m, R.randint(21, 95), run(3), run(3))
    made = body + "%02d" % (97 - int(body) % 97)
    return pick([made, "%s %s %s %s %s %s %s" % (made[0], made[1:3], made[3:5], made[5:7], made[7:10], made[10:13],
                                                 made[13:])])


def cpf():
    body = run(9)
    for n in (10, 11):
        body += str(weigh(body, range(n, 1, -1)) * 10 % 11 % 10)
    return "%s.%s.%s-%s" % (body[:3], body[3:6], body[6:9], body[9:])


def tckn():
    b = [int(c) for c in run(9, pick("123456789"))]
    tenth = (sum(b[0::2]) * 7 - sum(b[1::2])) % 10
    return "".join(map(str, b)) + str(tenth) + str((sum(b) + tenth) % 10)


def cn_id():
    body = "%s%d%02d%02d%s" % (pick(["110105", "310104", "440106", "510107"]), *born(), run(3))
    return body + "10X98765432"[weigh(body, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)) % 11]


def rrn():
    y, m, d = born()
    body = "%02d%02d%02d%s%s" % (y % 100, m, d, pick("12" if y < 2000 else "34"), run(5))
    body += str((11 - weigh(body, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)) % 11) % 10)
    return body[:6] + "-" + body[6:]


def my_number():
    body = run(11, pick("123456789"))
    rest = weigh(body, (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return body + str(0 if rest <= 1 else 11 - rest)


def personnummer():
    y, m, d = born()
    body = "%02d%02d%02d%s" % (y % 100, m, d, run(3))
    made = body + luhn_digit(body)
    return pick(["", str(y // 100)]) + made[:6] + "-" + made[6:]


def fodselsnummer():
    def make():
        y, m, d = born()
        body = "%02d%02d%02d%03d" % (d, m, y % 100, R.randint(0, 499) if y < 2000 else R.randint(500, 999))
        first = -weigh(body, (3, 7, 6, 1, 8, 9, 4, 5, 2)) % 11
        second = -weigh(body + str(first), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11 if first < 10 else 10
        return second < 10 and body + "%d%d" % (first, second)
    return retry(make)


def hetu():
    y, m, d = born()
    n = R.randint(2, 899)
    part = "%02d%02d%02d" % (d, m, y % 100)
    return "%s%s%03d%s" % (part, "-" if y < 2000 else "A", n,
                           "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(part + "%03d" % n) % 31])


def be_nn():
    y, m, d = born()
    body = "%02d%02d%02d%03d" % (y % 100, m, d, R.randint(1, 997))
    check = 97 - int(("2" if y > 1999 else "") + body) % 97
    return "%s.%s.%s-%s.%02d" % (body[:2], body[2:4], body[4:6], body[6:], check)


def cnp():
    y, m, d = born()
    body = "%d%02d%02d%02d%02d%s" % (R.randint(1, 2) + (4 if y > 1999 else 0), y % 100, m, d, R.randint(1, 46), run(3))
    rest = weigh(body, (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11
    return body + str(1 if rest == 10 else rest)


def egn():
    y, m, d = born()
    body = "%02d%02d%02d%s" % (y % 100, m + (40 if y > 1999 else 0), d, run(3))
    return body + str(weigh(body, (2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11 % 10)


def oib():
    body, product = run(10), 10
    for c in body:
        product = ((int(c) + product) % 10 or 10) * 2 % 11
    return body + str((11 - product) % 10)


def isikukood():
    y, m, d = born()
    body = "%d%02d%02d%02d%s" % (R.randint(3, 4) + (2 if y > 1999 else 0), y % 100, m, d, run(3))
    rest = weigh(body, (1, 2, 3, 4, 5, 6, 7, 8, 9, 1)) % 11
    if rest == 10:
        rest = weigh(body, (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)) % 11 % 10
    return body + str(rest)


def ahv():
    body = "756" + run(9)
    made = body + str(-weigh(body, (1, 3) * 6) % 10)
    return "%s.%s.%s.%s" % (made[:3], made[3:7], made[7:11], made[11:])


def za_id():
    y, m, d = born()
    body = "%02d%02d%02d%s08" % (y % 100, m, d, run(4))
    return body + luhn_digit(body)


def rodne_cislo():
    def make():
        y, m, d = born()
        body = "%02d%02d%02d%s" % (y % 100, m + pick([0, 50]), d, run(3))
        check = int(body) % 11
        return 1954 <= y and check < 10 and body[:6] + "/" + body[6:] + str(check)
    return retry(make)


def rut():
    n = R.randint(6000000, 24999999)
    check = 11 - weigh(reversed(str(n)), (2, 3, 4, 5, 6, 7, 2, 3)) % 11
    return "{:,}".format(n).replace(",", ".") + "-" + {10: "K", 11: "0"}.get(check, str(check))


def pt_nif():
    body = run(8, pick("12"))
    rest = weigh(body, range(9, 1, -1)) % 11
    return body + str(0 if rest < 2 else 11 - rest)


def nric():
    body = run(7)
    return "S" + body + "JZIHGFEDCBA"[weigh(body, (2, 7, 6, 5, 4, 3, 2)) % 11]


def il_id():
    body = run(8)
    return body + str(-sum(sum(divmod(int(c) * w, 10)) for c, w in zip(body, (1, 2) * 4)) % 10)


def thai_id():
    body = run(12, pick("12345"))
    m = body + str((11 - weigh(body, range(13, 1, -1)) % 11) % 10)
    return pick([m, "-".join([m[0], m[1:5], m[5:10], m[10:12], m[12]])])


def cpr():
    y, m, d = born()
    return "%02d%02d%02d-%d%s" % (d, m, y % 100, R.randint(0, 3) if y < 2000 else R.randint(4, 9), run(3))


def ppsn():
    body = run(7)
    return body + "WABCDEFGHIJKLMNOPQRSTUV"[weigh(body, range(8, 1, -1)) % 23]


# detector, maker, names of the field
IDS = {"US": [("ssn", ssn, "ssn|social security number|social security no|ssn full"),
              ("itin", itin, "itin|individual taxpayer identification number|itin number")],
       "GB": [("nino", nino, "nino|national insurance number|ni number|national insurance no")],
       "DE": [("german_tax_id", german_tax_id, "steuer id|steuerliche identifikationsnummer|german tax id|steueridnr")],
       "FR": [("national_id", nir, "numero securite sociale|nir|no secu|numero insee")],
       "ES": [("nif", nif, "dni|nif|numero dni|documento nacional identidad"), ("nie", nie, "nie|numero nie")],
       "PT": [("national_id", pt_nif, "numero contribuinte|contribuinte")],
       "BR": [("national_id", cpf, "cpf|numero cpf|cpf do titular")],
       "PL": [("pesel", pesel, "pesel|numer pesel|nr pesel")],
       "TR": [("national_id", tckn, "tc kimlik no|kimlik numarasi|tckn")],
       "JP": [("national_id", my_number, "my number|kojin bango|individual number")],
       "CN": [("national_id", cn_id, "resident id number|shenfenzheng|id card no|citizen id number")],
       "IT": [("codice_fiscale", codice_fiscale, "codice fiscale|cod fiscale|cf persona")],
       "NL": [("national_id", bsn, "bsn|burgerservicenummer|sofi nummer")],
       "SE": [("national_id", personnummer, "personnummer|person nr|swedish personal number")],
       "NO": [("national_id", fodselsnummer, "fodselsnummer|fnr|national identity number")],
       "DK": [("national_id", cpr, "cpr|cpr nummer|cpr nr")], "FI": [("national_id", hetu, "hetu|henkilotunnus")],
       "BE": [("national_id", be_nn, "rijksregisternummer|numero national|national register number")],
       "RO": [("national_id", cnp, "cnp|cod numeric personal")], "BG": [("national_id", egn, "egn|egn number")],
       "HR": [("national_id", oib, "oib|oib broj")], "EE": [("national_id", isikukood, "isikukood|personal code")],
       "CH": [("national_id", ahv, "ahv nummer|ahv nr|numero avs")], "ZA": [("national_id", za_id,
           "sa id number|rsa id")],
       "CZ": [("national_id", rodne_cislo, "rodne cislo|birth number cz")],
       "KR": [("national_id", rrn, "rrn|jumin number")],
       "CL": [("national_id", rut, "rut|rut titular")], "SG": [("national_id", nric, "nric|nric number")],
       "IL": [("national_id", il_id, "teudat zehut|israeli id number")],
       "TH": [("national_id", thai_id, "thai national id")],
       "IE": [("national_id", ppsn, "ppsn|pps number")], "CA": [("sin", sin, "sin|social insurance number|sin number")],
       "IN": [("aadhaar", aadhaar, "aadhaar|aadhaar number|aadhar no|uidai number")]}
