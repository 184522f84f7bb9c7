"""Values for generate_third.py: numbers made from the rules of those who issue them, people and places of many scripts.

Check digits are tried against published examples when this file is run: python3 third_values.py"""
import random

R = random.Random()
pick = R.choice
DIGITS = "0123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def run(n, of=DIGITS, first=None):
    return (pick(first) if first else pick(of)) + "".join(pick(of) for _ in range(n - 1)) if n else ""


def weighted(text, weights):
    return sum(int(c) * w for c, w in zip(text, weights))


# ---- check digits

def luhn(body):
    total = 0
    for i, c in enumerate(reversed(body)):
        total += sum(divmod(int(c) * (2 - i % 2), 10))
    return str(-total % 10)


def cpf(body):
    for n in (10, 11):
        r = weighted(body, range(n, 1, -1)) * 10 % 11
        body += str(r % 10)
    return body


def cnpj(body):
    for weights in ((5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2), (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)):
        r = weighted(body, weights) % 11
        body += "0" if r < 2 else str(11 - r)
    return body


def nir(body):
    return body + "%02d" % (97 - int(body) % 97)


def rrn(body):
    return body + str((11 - weighted(body, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)) % 11) % 10)


def tckn(body):
    d = [int(c) for c in body]
    tenth = (sum(d[0::2]) * 7 - sum(d[1:8:2])) % 10
    return body + str(tenth) + str((sum(d) + tenth) % 10)


def cn_id(body):
    return body + "10X98765432"[weighted(body, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)) % 11]


def nric(prefix, body):
    s = weighted(body, (2, 7, 6, 5, 4, 3, 2)) + (4 if prefix in "TG" else 0)
    return prefix + body + ("JZIHGFEDCBA" if prefix in "ST" else "XWUTRQPNMLK")[s % 11]


def hkid(letter, body):
    r = (36 * 9 + (ord(letter) - 55) * 8 + weighted(body, (7, 6, 5, 4, 3, 2))) % 11
    return letter + body + "(" + ("0" if r == 0 else "A" if r == 1 else str(11 - r)) + ")"


def curp(body):
    alphabet = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
    return body + str(-sum(alphabet.index(c) * (18 - i) for i, c in enumerate(body)) % 10)


def hetu(date, century, number):
    return date + century + number + "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(date + number) % 31]


def egn(body):
    return body + str(weighted(body, (2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11 % 10)


def cnp(body):
    r = weighted(body, (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11
    return body + ("1" if r == 10 else str(r))


def pesel(body):
    return body + str(-weighted(body, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10)


D5 = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4, 0, 6, 7, 8, 9, 5], [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
      [3, 4, 0, 1, 2, 8, 9, 5, 6, 7], [4, 0, 1, 2, 3, 9, 5, 6, 7, 8], [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
      [6, 5, 9, 8, 7, 1, 0, 4, 3, 2], [7, 6, 5, 9, 8, 2, 1, 0, 4, 3], [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
      [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]]
P8 = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]]
while len(P8) < 8:
    P8.append([P8[-1][P8[1][i]] for i in range(10)])


def verhoeff(body):
    c = 0
    for i, d in enumerate(reversed(body)):
        c = D5[c][P8[(i + 1) % 8][int(d)]]
    return str(D5[c].index(0))


def codice_fiscale(body):
    odd = dict(zip("0123456789", (1, 0, 5, 7, 9, 13, 15, 17, 19, 21)))
    odd.update(zip(LETTERS, (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24,
                             23)))
    total = sum(odd[c] if i % 2 == 0 else int(c) if c.isdigit() else ord(c) - 65 for i, c in enumerate(body))
    return body + LETTERS[total % 26]


def dni(number):
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23]


def ean13(body):
    return body + str(-sum(int(c) * (1 if i % 2 == 0 else 3) for i, c in enumerate(body)) % 10)


def my_number(body):
    r = weighted(reversed(body), (2, 3, 4, 5, 6, 7, 2, 3, 4, 5, 6)) % 11
    return body + ("0" if r <= 1 else str(11 - r))


def steuer_id(body):
    product = 10
    for c in body:
        s = (int(c) + product) % 10 or 10
        product = s * 2 % 11
    return body + str((11 - product) % 10)


def until(make):
    while True:
        value = make()
        if value:
            return value


def mod11(n, weights, first, good):
    """Numbers whose weighted sum satisfies good, found by trying."""
    return until(lambda: next((b for b in [run(n, first=first)] if good(weighted(b, weights))), None))


def yymmdd():
    return "%02d%02d%02d" % (R.randint(40, 99), R.randint(1, 12), R.randint(1, 28))


def consonants(n):
    return run(n, "BCDFGHLMNPRSTVZ")


def month_letter():
    return pick("ABCDEHLMPRST")


# Name of the id: (detector, how it is written, whether it is its own evidence, words of names).
NATIONAL = {
    "cpf": ("national_id", lambda: (lambda c: pick([c, "%s.%s.%s-%s" % (c[:3], c[3:6], c[6:9], c[9:])]))(cpf(run(9))),
            True, ["cpf", "cpf number", "nr cpf", "tax id"]),
    "cnpj": ("national_id", lambda: (lambda c: "%s.%s.%s/%s-%s" % (c[:2], c[2:5], c[5:8], c[8:12], c[12:]))(
        cnpj(run(8) + "0001")), True, ["cnpj", "cnpj number"]),
    "nir": ("national_id", lambda: (lambda c: pick([c, "%s %s %s %s %s %s %s" % (c[0], c[1:3], c[3:5], c[5:7], c[7:10],
            c[10:13], c[13:])]))(nir(pick("12") + "%02d%02d%02d" % (R.randint(40, 99), R.randint(1, 12),
                                                                    R.randint(1, 95))
                                     + "%03d%03d" % (R.randint(1, 700), R.randint(1, 990)))),
            True, ["nir", "numero securite sociale", "insee number", "social security number"]),
    "rrn": ("national_id", lambda: (lambda c: c[:6] + "-" + c[6:])(rrn(yymmdd() + pick("12") + run(5))), True,
            ["rrn", "resident registration number", "jumin number", "national id"]),
    "tckn": ("national_id", lambda: tckn(run(9, first="123456789")), True, ["tckn", "tc kimlik no", "identity number"]),
    "cnid": ("national_id", lambda: cn_id(pick(["110105", "310115", "440305", "330106", "510107"]) + "19" + yymmdd()
                                          + run(3)), True, ["id card no", "resident id", "identity card number"]),
    "za": ("national_id", lambda: (lambda b: b + luhn(b))(pick("56789") + yymmdd()[1:] + run(4) + pick("01") + "8"),
           True,
           ["id number", "sa id number", "rsa id", "national identity number"]),
    "nric": ("national_id", lambda: nric(pick("STFG"), run(7)), True, ["nric", "nric fin", "national id"]),
    "hkid": ("national_id", lambda: hkid(pick("ABCDGHKPRVYZ"), run(6)), True, ["hkid", "hkid no", "hk id card"]),
    "curp": ("national_id", lambda: curp(pick("BCDFGHLMNPRSTVZ") + pick("AEIOU") + consonants(2) + yymmdd() + pick("HM")
             + pick(["DF", "JC", "NL", "VZ", "OC"]) + consonants(3) + pick(DIGITS)), True, ["curp", "curp number"]),
    "personnummer": ("national_id", lambda: (lambda b: b[:6] + "-" + b[6:] + luhn(b))(yymmdd() + run(3)), True,
                     ["personnummer", "personal identity number", "person nr"]),
    "bsn": ("national_id", lambda: mod11(9, (9, 8, 7, 6, 5, 4, 3, 2, -1), "12", lambda s: s % 11 == 0), False,
            ["bsn", "burgerservicenummer", "citizen service number"]),
    "hetu": ("national_id", lambda: hetu("%02d%02d%02d" % (R.randint(1, 28), R.randint(1, 12), R.randint(30, 99)), "-",
                                         "%03d" % R.randint(2, 899)), True, ["hetu", "henkilotunnus", "national id"]),
    "egn": ("national_id", lambda: egn(yymmdd() + run(3)), False, ["egn", "egn number", "national id"]),
    "cnp": ("national_id", lambda: cnp(pick("12") + yymmdd() + "%02d" % R.randint(1, 46) + "%03d" % R.randint(1, 999)),
            True, ["cnp", "cod numeric personal", "national id"]),
    "ahv": ("national_id", lambda: (lambda c: "%s.%s.%s.%s" % (c[:3], c[3:7], c[7:11], c[11:]))(ean13("756" + run(9))),
            True, ["ahv", "ahv nummer", "avs number", "social insurance number"]),
    "aadhaar": ("aadhaar", lambda: (lambda c: pick([c, "%s %s %s" % (c[:4], c[4:8], c[8:])]))(
        (lambda b: b + verhoeff(b))(run(11, first="23456789"))), False, ["aadhaar", "aadhaar number", "aadhar no"]),
    "in_pan": ("national_id", lambda: consonants(3) + "P" + pick(LETTERS) + run(4) + pick(LETTERS), False,
               ["pan card number", "income tax pan"]),
    "pesel": ("pesel", lambda: pesel(yymmdd() + run(4)), True, ["pesel", "pesel number", "nr pesel"]),
    "cf": ("codice_fiscale", lambda: codice_fiscale(consonants(6) + "%02d" % R.randint(40, 99) + month_letter()
           + "%02d" % R.randint(1, 28) + pick(["H501", "F205", "L219", "F839"])), True,
           ["codice fiscale", "fiscal code", "tax code"]),
    "nif": ("nif", lambda: (lambda b: b + dni(b))(run(8)), True, ["nif", "dni", "dni number"]),
    "nie": ("nie", lambda: (lambda p, b: "XYZ"[p] + b + dni(str(p) + b))(R.randint(0, 2), run(7)), True,
            ["nie", "nie number"]),
    "nino": ("nino", lambda: (lambda c: pick([c, "%s %s %s %s %s" % (c[:2], c[2:4], c[4:6], c[6:8], c[8])]))(
        pick(["AB", "CE", "JG", "PW", "SK", "RT"]) + run(6) + pick("ABCD")), True,
        ["nino", "national insurance number", "ni number"]),
    "tfn": ("national_id", lambda: mod11(9, (1, 4, 3, 7, 5, 8, 6, 9, 10), "123456789", lambda s: s % 11 == 0), False,
            ["tfn", "tax file number"]),
    "medicare": ("national_id", lambda: (lambda b: b + str(weighted(b, (1, 3, 7, 9, 1, 3, 7, 9)) % 10) + pick("123"))(
        run(8, first="23456")), False, ["medicare number", "medicare card no"]),
    "mynumber": ("national_id", lambda: my_number(run(11)), False, ["my number", "individual number"]),
    "steuer": ("german_tax_id", lambda: until(lambda: (lambda b: steuer_id(b) if sorted(map(b.count, set(b)))[-1] == 2
               and len(set(b)) == 9 else None)(run(10, first="123456789"))), False,
               ["steuer id", "tax identification number", "steueridentifikationsnummer"]),
    "nhs": ("nhs_number", lambda: (lambda c: pick([c, "%s %s %s" % (c[:3], c[3:6], c[6:])]))(
        mod11(10, (10, 9, 8, 7, 6, 5, 4, 3, 2, 1), "4679", lambda s: s % 11 == 0)), False, ["nhs number", "nhs no"]),
    "sin": ("sin", lambda: (lambda b: "%s-%s-%s" % (b[:3], b[3:6], b[6:]))((lambda b: b + luhn(b))(
        run(8, first="1234567"))), False, ["sin", "sin number", "social insurance number"]),
}

# ---- cards

NETWORKS = [(["4"], 16, 8), (["4"], 13, 1), (["4"], 19, 1), (["51", "52", "53", "54", "55"], 16, 5),
            (["2221", "2500", "2719"], 16, 2),
            (["34", "37"], 15, 3), (["6011", "644", "649", "65"], 16, 2), (["3530", "3566", "3589"], 16, 1),
            (["300", "305", "36", "38", "39"], 14, 2), (["62"], 16, 1), (["62"], 19, 1), (["8171"], 16, 1)]


def card_plain(lengths=None):
    while True:
        prefixes, length, _ = R.choices(NETWORKS, [n[2] for n in NETWORKS])[0]
        if lengths and length not in lengths:
            continue
        prefix = pick(prefixes)
        body = prefix + run(length - len(prefix) - 1)
        return body + luhn(body)


def card():
    n = card_plain()
    groups = {15: (4, 6, 5), 14: (4, 6, 4), 13: (4, 4, 5)}.get(len(n), (4, 4, 4, 4, 3))
    parts, at = [], 0
    for g in groups:
        parts.append(n[at:at + g])
        at += g
    parts = [p for p in parts if p]
    return pick([n, n, n, n, n, " ".join(parts), " ".join(parts), "-".join(parts), "\u00a0".join(parts), ".".join(parts)
                 if len(n) == 16 else n, "\u2013".join(parts), n.translate(str.maketrans(DIGITS, "０１２３４５６７８９")),
                 n.translate(str.maketrans(DIGITS, "۰۱۲۳۴۵۶۷۸۹")), n.translate(str.maketrans(DIGITS, "०१२३४५६७८९"))])


# ---- IBAN: the registry's structures (n digits, a capitals, c both)

STRUCTURES = """AD 8n12c|AE 19n|AL 8n16c|AT 16n|AZ 4a20c|BA 16n|BE 12n|BG 4a6n8c|BH 4a14c|BI 23n|BR 23n1a1c|BY 4c4n16c
CH 5n12c|CR 18n|CY 8n16c|CZ 20n|DE 18n|DJ 23n|DK 14n|DO 4c20n|EE 16n|EG 25n|ES 20n|FI 14n|FK 2a12n|FO 14n|FR 10n11c2n
GB 4a14n|GE 2a16n|GI 4a15c|GL 14n|GR 7n16c|GT 4c20c|HN 4a20n|HR 17n|HU 24n|IE 4a14n|IL 19n|IQ 4a15n|IS 22n|IT 1a10n12c
JO 4a4n18c|KW 4a22c|KZ 3n13c|LB 4n20c|LC 4a24c|LI 5n12c|LT 16n|LU 3n13c|LV 4a13c|LY 21n|MC 10n11c2n|MD 2c18c|ME 18n
MK 3n10c2n|MN 16n|MR 23n|MT 4a5n18c|MU 4a19n3a|NI 4a20n|NL 4a10n|NO 11n|OM 3n16c|PK 4a16c|PL 24n|PS 4a21c|PT 21n
QA 4a21c|RO 4a16c|RS 18n|RU 14n15c|SA 2n18c|SC 4a20n3a|SD 14n|SE 20n|SI 15n|SK 20n|SM 1a10n12c|SO 19n|ST 21n|SV 4a20n
TL 19n|TN 20n|TR 6n16c|UA 6n19c|VA 18n|VG 4a16n|XK 16n|YE 4a4n18c""".replace("\n", "|").split("|")


def iban_plain():
    country, structure = pick(STRUCTURES).split()
    body, count = "", ""
    for c in structure:
        if c.isdigit():
            count += c
        else:
            body += run(int(count), {"n": DIGITS, "a": LETTERS, "c": DIGITS + DIGITS + LETTERS}[c])
            count = ""
    value = int("".join(str(int(c, 36)) for c in body + country + "00"))
    return country + "%02d" % (98 - value % 97) + body


def iban():
    n = iban_plain()
    grouped = " ".join(n[i:i + 4] for i in range(0, len(n), 4))
    return pick([n, n, n, n, grouped, grouped, grouped.replace(" ", "\u00a0"), grouped.replace(" ", "-"), n.lower(),
                 n[:2] + " " + n[2:]])


# ---- telephone numbers as people of sixty countries write them: (with the country's code, as written at home)

PHONES = """+1 604 555 01##/(604) 555-01##|+1 (787) 555-01##/787-555-01##|+44 161 496 0###/0161 496 0###|+44 7911 12####/07911 12####
+49 89 6361####/089 / 6361####|+49 151 2345####/0151-2345####|+33 6 39 98 ## ##/06 39 98 ## ##|+33(0)1 99 00 ## ##/01 99 00 ## ##
+34 689 12 ## ##/689 12 ## ##|+39 347 123 ####/347 123####|+39 02 7200 ####/02 7200####|+351 912 34# ###/912 34# ###
+31 6 1234 ####/06-1234####|+32 470 12 ## ##/0470/12.##.##|+352 621 12# ###/621 12# ###|+41 79 123 ## ##/079 123 ## ##
+43 1 588 ####/01 588 ####|+45 32 12 ## ##/32 12 ## ##|+46 70 174 ## ##/070-174 ## ##|+47 412 34 ###/412 34 ###
+358 41 234 ####/041 234 ####|+354 611 ####/611 ####|+353 85 012 ####/085 012 ####|+48 512 345 ###/512 345 ###
+420 601 12# ###/601 12# ###|+421 912 12# ###/0912 12# ###|+36 20 123 ####/06 20 123 ####|+40 712 03# ###/0712 03# ###
+359 43 012 ###/043 012 ###|+30 691 234 ####/691 234 ####|+385 92 123 ####/092 123 ####|+386 31 234 ###/031 234 ###
+381 60 1234 ###/060 1234###|+387 61 123 ###/061 123 ###|+380 50 123 ## ##/050 123 ## ##|+7 912 345-##-##/8 (912) 345-##-##
+375 29 491-##-##/8 029 491-##-##|+370 612 34 ###/8 612 34 ###|+371 21 234 ###/21 234 ###|+372 5123 ####/5123 ####
+90 501 234 ## ##/0501 234 ## ##|+972 50-234-####/050-234-####|+971 50 123 ####/050 123 ####|+966 51 234 ####/051 234 ####
+20 100 123 ####/0100 123 ####|+212 650-12####/0650-12####|+216 20 123 ###/20 123 ###|+234 802 123 ####/0802 123 ####
+254 712 12# ###/0712 12####|+233 23 123 ####/023 123 ####|+27 71 123 ####/071 123 ####|+255 621 23# ###/0621 23# ###
+91 81234 5####/081234 5####|+92 301 234####/0301 234####|+880 1812-34####/01812-34####|+94 71 234 ####/071 234 ####
+66 81 234 ####/081 234 ####|+84 912 34# ###/0912 34# ###|+62 812-345-###/0812-345-###|+60 12-345 ####/012-345 ####
+63 905 123 ####/0905 123 ####|+65 8123 ####/8123 ####|+852 5123 ####/5123 ####|+853 6612 ####/6612 ####
+86 131 2345 ####/131 2345 ####|+886 912 34# ###/0912 34# ###|+81 90-1234-####/090-1234-####|+81 6-6123-####/06-6123-####
+82 10-2000-####/010-2000-####|+61 412 34# ###/0412 34# ###|+64 21 123 ####/021 123 ####|+55 21 98888-####/(21) 98888-####
+52 222 123 ####/222 123 ####|+54 9 11 2345-####/11 2345-####|+56 2 2123 ####/2 2123 ####|+57 321 123####/321 123####
+51 912 34# ###/912 34# ###|+593 99 123 ####/099 123 ####|+598 94 231 ###/094 231 ###|+506 8312 ####/8312 ####
+1 876-555-01##/876-555-01##|+212 5 22 43 ## ##/05 22 43 ## ##|+961 71 123 ###/71 123 ###|+995 555 12 ## ##/0555 12 ## ##
+374 77 12####/077 12####|+994 40 123 ## ##/040 123 ## ##|+7 771 000 ####/8 (771) 000 ####""".replace("\n",
    "|").split("|")


def phone_pair():
    here, home = pick(PHONES).split("/", 1)
    tail = run(4)

    def fill(form):
        n, out = len(form.split("#")) - 1, ""
        rest = iter(tail[-n:].rjust(n, "7"))
        for c in form:
            out += next(rest) if c == "#" else c
        return out
    return fill(here), fill(home)


def phone():
    here, home = phone_pair()
    plain = "+" + "".join(c for c in here.replace("(0)", "") if c.isdigit())
    return pick([here, here, plain, plain, home, "00" + plain[1:], here.replace(" ", ".") if "-" not in here else here,
                 here.replace(" ", "\u00a0")])


def phone_abroad():
    here, _ = phone_pair()
    plain = "+" + "".join(c for c in here.replace("(0)", "") if c.isdigit())
    return pick([here, here, plain, "00" + plain[1:]])


# ---- people and places: given names, families, streets, cities, postal codes, country

PEOPLE = [
    ("Oluwaseun Chidinma Babajide|Adeyemi Okonkwo Balogun|14 Adeola Odeku Street,7B Allen Avenue|Lagos Ibadan|100001|NG"),
    ("Siobhán Fiachra Aoife|O'Sullivan Mac_Giolla Ní_Bhriain|12 Grafton Street,Apt 3 Quay Walk|Dublin Galway|D02 AF30|IE"),
    ("Rhiannon Alasdair Philippa|Llewellyn Farquharson Smythe-Jones|27 Abbey Road,Rose Cottage Mill Lane|Leeds Swansea|LS1 4AP|GB"),
    ("Tyrone Madison Brooklynn|Washington Kowalczyk Vanderbilt|1600 Elm St Apt 5,PO Box 1123|Tulsa Boise|74103-2211|US"),
    ("Jean-Baptiste Maëlys Océane|Lefèvre Desrosiers Le_Goff|8 bis rue des Lilas,Résidence Les Pins|Nîmes Lyon|30000|FR"),
    ("Jürgen Anneliese Björn|Weiß Krüger Schäfer|Lindenstraße 12a,Am Mühlbach 3|Köln Görlitz|50667|DE"),
    ("Íñigo María_José Begoña|Etxeberria Núñez de_la_Fuente|Calle Alcalá 45 3ºB,Avda. de América 9|Cádiz Málaga|11001|ES"),
    ("Thiago Conceição Anaísa|Gonçalves Araújo dos_Santos|Rua das Flores 123,Av. Paulista 900 cj 12|Goiânia Belém|74003-010|BR"),
    ("Giosuè Mariagrazia Ornella|D'Angelo Esposito Lo_Presti|Via Garibaldi 7,Piazza Dante 2|Bari Forlì|70121|IT"),
    ("Sjoerd Femke Marijke|van_den_Berg Dijkstra de_Boer|Keizersgracht 81,Dorpsweg 4-II|Utrecht Zwolle|3511 LX|NL"),
    ("Łukasz Żaneta Mścisław|Wiśniewski Błaszczyk Dąbrowska|ul. Długa 5/7,Aleje Jerozolimskie 44|Łódź Gdańsk|90-001|PL"),
    ("Zdeněk Ľubica Vojtěch|Dvořák Hrušková Novotný|Vinohradská 12,Náměstí Míru 1|Brno Plzeň|602 00|CZ"),
    ("Åsa Torbjörn Ødegård|Bergström Nygård Lindqvist|Storgatan 15,Kungsgatan 8 lgh 1101|Malmö Umeå|211 42|SE"),
    ("Guðrún Sigþór Ásdís|Jónsdóttir Þórsson Björnsson|Laugavegur 22,Hafnargata 3|Reykjavík Akureyri|101|IS"),
    ("Gülşen Çağrı Işıl|Yıldırım Öztürk Şahin|Bağdat Cad. No:12,İstiklal Sok. 4|İzmir Bursa|35210|TR"),
    ("Đặng Thị_Hương Quốc|Nguyễn Trần Phạm|12 Lý Thường Kiệt,Ngõ 5 Phố Huế|Huế Đà_Nẵng|49000|VN"),
    ("Светлана Тимофей Ярослава|Кузнецова Щербаков Воробьёв|ул. Ленина д. 5 кв. 12,Невский проспект 28|Казань Самара|420111|RU"),
    ("Оксана Тарас Соломія|Шевченко Ковальчук Гнатюк|вул. Хрещатик 22,просп. Перемоги 7|Львів Одеса|79000|UA"),
    ("Радка Цветан Милена|Стоянова Димитров Ангелова|бул. Витоша 15,ул. Шипка 3|Пловдив Варна|4000|BG"),
    ("Χαράλαμπος Ευθυμία Σπύρος|Παπαδόπουλος Καραγιάννη Νικολαΐδης|Ερμού 18,Λεωφόρος Συγγρού 100|Πάτρα Χανιά|262 21|GR"),
    ("عبدالرحمن مريم يوسف|الحسيني المنصوري القحطاني|شارع الملك فهد 12,حي النخيل|الرياض جدة|11564|SA"),
    ("پریسا کوروش نیلوفر|رضایی محمدی کریمی|خیابان ولیعصر ۱۵,کوچه سوم|شیراز تبریز|7134814336|IR"),
    ("נועם שירה אביגיל|כהן ביטון מזרחי|רחוב הרצל 20,שדרות רוטשילד 5|חיפה אשדוד|3303140|IL"),
    ("晓明 丽华 子轩|欧阳 诸葛 王|中山路88号,朝阳区建国路12号|南京 杭州|210000|CN"),
    ("志豪 美玲 家豪|陳 黃 林|忠孝東路四段10號,彌敦道200號|台北 高雄|106|TW"),
    ("さくら 健太郎 ヒカル|佐々木 渡辺 小林|千代田1-1-1,梅田2丁目4-9|札幌市 横浜市|060-0001|JP"),
    ("サクラ ケンタロウ メイ|ササキ ワタナベ コバヤシ|チヨダ1-2,ウメダ2-4|サッポロ オオサカ|530-0001|JP"),
    ("서연 지훈 하은|김 박 남궁|강남대로 123,종로구 세종로 1|부산 대구|48058|KR"),
    ("สมชาย กนกวรรณ อรุณี|ศรีสุข ทองดี วงศ์ใหญ่|99 ถนนสุขุมวิท,ซอยอารีย์ 4|เชียงใหม่ ขอนแก่น|50000|TH"),
    ("अनन्या विक्रम सुनीता|शर्मा वर्मा त्रिपाठी|42 महात्मा गांधी मार्ग,सेक्टर 15|जयपुर कानपुर|302001|IN"),
    ("Priyanka Balakrishnan Devi|Ramanathan Mukherjee Iyer|Flat 4 MG Road,12/3 Brigade Road|Pune Kochi|411001|IN"),
    ("Nurul Ahmad_Faiz Siti|binti_Abdullah bin_Osman Rahman|Jalan Ampang 12,Lorong Damai 7|Ipoh Melaka|30000|MY"),
    ("Lăcrămioara Ștefan Țuțu|Ionescu Brătianu Pădureanu|Str. Lipscani 10,Bd. Unirii 33 ap. 2|Iași Timișoara|700028|RO"),
    ("Gergő Tünde Zsófia|Szabó Kőszegi Nagy|Rákóczi út 3,Fő tér 1|Győr Szeged|9021|HU"),
    ("គឹម សុខា ដារ៉ា|ជា សេង|ផ្លូវ 51,មហាវិថីនរោត្តម|ភ្នំពេញ បាត់ដំបង|12000|KH"),
]


class Person:
    def __init__(self):
        given, families, streets, cities, self.zip, self.country = pick(PEOPLE).split("|")
        name = lambda names: pick(names.split()).replace("_", " ")  # noqa: E731
        self.given, self.middle, self.family = name(given), name(given), name(families)
        self.street, self.city = pick(streets.split(",")), name(cities)
        east = any("\u3040" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7a3" for c in self.given + self.family)
        self.full = pick([self.family + self.given,
                          self.family + " " + self.given]) if east else self.given + " " + self.family
        self.latin = self.given.isascii() and self.family.isascii()
        self.written = self.full if east else pick([self.full, self.full, self.family + ", " + self.given,
                                                    self.full.upper(),
                                                   (self.family + "/" + self.given).upper()])
        self.birth = "%d-%02d-%02d" % (R.randint(1945, 2006), R.randint(1, 12), R.randint(1, 28))


def email():
    local = pick(["r.llewellyn", "oluwaseun_a", "jb+newsletter", "t.v", "femke-de-boer", "u8841", "o'sullivan.s",
                  "zaneta.b99",
                  "Madison_W", "hola", "nomail", "x.y.z", "kundenservice.weiss", "0xdead", "ig--nacio", "a" * 30])
    host = pick(["example.com", "example.org", "mail.example.net", "example.co.uk", "corp.example.com.br",
                 "example.travel",
                 "box.example.photography", "пример.example", "xn--e1afmkfd.example", "sub-domain.example.io",
                 "example.ng"])
    text = local + "@" + host
    return pick([text, text, text, text.upper(), text.capitalize()])


def ip():
    four = "%d.%d.%d.%d" % (pick([R.randint(1, 126), R.randint(128, 223)]), R.randint(0, 255), R.randint(0, 255),
                            R.randint(1, 254))
    return pick([four, four, four, "10.%d.%d.%d" % (R.randint(0, 255), R.randint(0, 255), R.randint(1, 254)),
                 "2a02:%x:%x::%x" % tuple(R.randint(256, 65535) for _ in range(3)),
                 "2001:0db8:" + ":".join("%04x" % R.randint(0, 65535) for _ in range(6)),
                 "::ffff:" + four, "fe80::%x:%x:%x:%x%%eth0" % tuple(R.randint(256, 65535) for _ in range(4)),
                 "2001:DB8:%X::%X" % (R.randint(1, 65535), R.randint(1, 65535))])


def ip_in_text():
    return pick([ip, lambda: "%d.%d.%d.%d" % (R.randint(2, 126), R.randint(0, 255), R.randint(0, 255),
                                              R.randint(1, 254))])()


def ssn():
    area = until(lambda: next((a for a in [R.randint(1, 899)] if a != 666), None))
    return "%03d-%02d-%04d" % (area, R.randint(1, 99), R.randint(1, 9999))


if __name__ == "__main__":
    assert cpf("529982247") == "52998224725" and cnpj("112223330001") == "11222333000181"
    assert nir("2550814168025") == "255081416802538" and tckn("100000001") == "10000000146"
    assert cn_id("11010519491231002") == "11010519491231002X" and luhn("800101500908") == "7"
    assert nric("S", "1234567") == "S1234567D" and hkid("A", "123456") == "A123456(3)"
    assert curp("HEGG560427MVZRRL0") == "HEGG560427MVZRRL04" and luhn("811218987") == "6"
    assert hetu("131052", "-", "308") == "131052-308T" and egn("752316926") == "7523169263"
    assert cnp("180010122114") == "1800101221144" and pesel("4405140135") == "44051401359"
    assert verhoeff("236") == "3" and codice_fiscale("RSSMRA85T10A562") == "RSSMRA85T10A562S"
    assert dni("12345678") == "Z" and dni("01234567") == "L" and ean13("756921707698") == "7569217076985"
    assert my_number("12345678901") == "123456789018" and steuer_id("8609574271") == "86095742719"
    assert len(STRUCTURES) == 89 and len({p.split()[0] for p in PHONES}) > 60 and rrn("880101123456")
    for kind in NATIONAL:
        print(kind, NATIONAL[kind][1]())
    print([phone() for _ in range(20)], [iban() for _ in range(4)])
