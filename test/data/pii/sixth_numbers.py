"""Numbers of the sixth set: cards, IBANs, national ids with their check digits."""
import datetime
import random
import re
import string
import uuid

R = random.Random(6)


def pick(xs):
    return R.choice(list(xs))


def dig(n, first=None):
    s = "".join(R.choice("0123456789") for _ in range(n))
    return s if first is None else R.choice(first) + s[1:]


def hexa(n):
    return "".join(R.choice("0123456789abcdef") for _ in range(n))


def alnum(n, chars=string.ascii_letters + string.digits):
    return "".join(R.choice(chars) for _ in range(n))


def uid():
    return str(uuid.UUID(int=R.getrandbits(128), version=4))


# ---------------------------------------------------------------- cards
def luhn_digit(body):
    t = 0
    for i, c in enumerate(reversed(body)):
        d = int(c)
        if i % 2 == 0:
            d = d * 2 - 9 if d > 4 else d * 2
        t += d
    return str(-t % 10)


def luhn_ok(s):
    return luhn_digit(s[:-1]) == s[-1]


IINS = [("40128", 16), ("453201", 16), ("476173", 16), ("414720", 16), ("486236", 16), ("491748", 16), ("426684", 16),
        ("431940", 16), ("515462", 16), ("542418", 16), ("552433", 16), ("535522", 16), ("222300", 16), ("226811", 16),
        ("271533", 16), ("520473", 16), ("371449", 15), ("378282", 15), ("341134", 15), ("601100", 16), ("650012", 16),
        ("352800", 16), ("356999", 16), ("621483", 16), ("622588", 19), ("624351", 18), ("362275", 14), ("305693", 14),
        ("675964", 18), ("676250", 16), ("501800", 16), ("220038", 16), ("979200", 16), ("636368", 16),
        ("508227", 16), ("506099", 19), ("457173", 16), ("462294", 16)]


def pan(kinds=None):
    pool = [x for x in IINS if kinds is None or x[0].startswith(tuple(kinds))]
    iin, n = pick(pool[:19] if kinds is None and R.random() < 0.6 else pool)
    body = iin + dig(n - len(iin) - 1)
    return body + luhn_digit(body)


def pan16():
    return pan(("40", "45", "47", "41", "48", "51", "54", "55", "22", "27", "35", "65", "60"))


def grouped(n, sep=" "):
    if len(n) == 15:
        return sep.join((n[:4], n[4:10], n[10:]))
    if len(n) == 14:
        return sep.join((n[:4], n[4:10], n[10:]))
    return sep.join(n[i:i + 4] for i in range(0, len(n), 4))


def pan_any(number=False):
    n = pan()
    x = R.random()
    if number and x < 0.25 and len(n) <= 16 and n[0] != "9":
        return int(n)
    if x < 0.6:
        return n
    return grouped(n, pick([" ", " ", "-", "\u00a0", "."]))


def masked():
    n = pan16()
    return pick([n[:6] + "******" + n[-4:], "**** **** **** " + n[-4:], "XXXX-XXXX-XXXX-" + n[-4:], "xxxxxxxxxxxx" + n[-4:],
                 n[:4] + " " + n[4:6] + "•• •••• " + n[-4:], n[:6] + "xxxxxx" + n[-4:], n[:8] + "****" + n[-4:], "•••• " + n[-4:],
                 n[:6] + "..." + n[-4:], "############" + n[-4:]])


def notcard(n, first="123456789"):
    while True:
        s = dig(n, first)
        if not luhn_ok(s):
            return s


def expiry():
    m, y = R.randint(1, 12), R.randint(2027, 2033)
    mm, yy = "%02d" % m, str(y)[2:]
    mon = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][m - 1]
    return pick(["%s/%s" % (mm, yy)] * 4 + [mm + yy, "%d-%s" % (y, mm), "%s/%d" % (mm, y), "%s-%s" % (mm, yy), mm + str(y),
                "%d%s" % (y, mm), "%s %d" % (mon, y), "%s / %s" % (mm, yy), "%s.%d" % (mm, y), "%s-%s" % (mon, yy)])


def yymm():
    return "%02d%02d" % (R.randint(27, 33), R.randint(1, 12))


def track2():
    return pan16() + pick("=D") + yymm() + pick(["201", "221", "101"]) + dig(pick([10, 13]))


# ---------------------------------------------------------------- IBAN
BANKS = {"DE": lambda: pick(["37040044", "10010010", "50010517", "70150000"]) + dig(10),
         "GB": lambda: pick(["NWBK", "BARC", "LOYD", "MIDL"]) + dig(14), "FR": lambda: _fr(), "NL": lambda: pick(["ABNA", "INGB", "RABO"]) + dig(10, "0"),
         "ES": lambda: _es(), "IT": lambda: _it(), "BE": lambda: _be(), "AT": lambda: dig(16), "CH": lambda: "00" + dig(3) + dig(12),
         "PL": lambda: "1090" + dig(20), "SE": lambda: "500" + dig(17), "DK": lambda: "0040" + dig(10),
         "PT": lambda: _pt(), "IE": lambda: "AIBK931152" + dig(8), "RO": lambda: "BTRL" + dig(16), "TR": lambda: "000640" + dig(16),
         "AE": lambda: "033" + dig(16), "SA": lambda: "80" + dig(18), "LT": lambda: "32500" + dig(11), "EE": lambda: "2200" + dig(12),
         "CZ": lambda: "0800" + dig(16), "HU": lambda: "117" + dig(21), "GR": lambda: "0110125" + dig(16), "UA": lambda: "305299" + dig(19),
         "LV": lambda: "HABA" + dig(13), "SK": lambda: "1200" + dig(16)}


def _mod97(s):
    return int("".join(str(int(c, 36)) for c in s)) % 97


def _fr():
    b, g, a = pick(["30003", "30004", "20041", "14508"]), dig(5), dig(11)
    return b + g + a + "%02d" % (97 - (89 * int(b) + 15 * int(g) + 3 * int(a)) % 97)


def _be():
    n = dig(10, "1234567")
    return n + "%02d" % (int(n) % 97 or 97)


def _pt():
    n = "0035" + dig(15)
    return n + "%02d" % (98 - int(n + "00") % 97)


def _es():
    b, o, a = pick(["2100", "0049", "0182"]), dig(4), dig(10)

    def d(s):
        t = 11 - sum(int(c) * w for c, w in zip(s, (1, 2, 4, 8, 5, 10, 9, 7, 3, 6))) % 11
        return {11: "0", 10: "1"}.get(t, str(t))
    return b + o + d("00" + b + o) + d(a) + a


def _it():
    body = pick(["05428", "03069", "02008"]) + dig(5) + dig(12)
    odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21]
    t = sum(odd[int(c)] if i % 2 == 0 else int(c) for i, c in enumerate(body))
    return chr(65 + t % 26) + body


def iban(country=None):
    c = country if country in BANKS else pick(BANKS)
    b = BANKS[c]()
    return c + "%02d" % (98 - _mod97(b + c + "00")) + b


def iban_any(country=None):
    n = iban(country)
    x = R.random()
    return n if x < 0.5 else grouped_iban(n) if x < 0.85 else n.lower() if x < 0.93 else "-".join(n[i:i + 4] for i in range(0, len(n), 4))


def grouped_iban(n):
    return " ".join(n[i:i + 4] for i in range(0, len(n), 4))


# ---------------------------------------------------------------- national ids
def w11(s, ws):
    return sum(int(c) * w for c, w in zip(s, ws)) % 11


def ssn(d):
    a = R.choice([x for x in range(1, 899) if x != 666])
    return "%03d-%02d-%04d" % (a, R.randint(1, 99), R.randint(1, 9999))


def nino(d):
    s = pick(["JG", "AB", "PK", "SE", "CL", "WM"]) + dig(6) + pick("ABCD")
    return pick([s, "%s %s %s %s %s" % (s[:2], s[2:4], s[4:6], s[6:8], s[8])])


def sin(d):
    b = dig(8, "1245679")
    s = b + luhn_digit(b)
    return pick([s, "%s-%s-%s" % (s[:3], s[3:6], s[6:]), "%s %s %s" % (s[:3], s[3:6], s[6:])])


def cpf(d):
    s = dig(9)
    for n in (10, 11):
        r = 11 - sum(int(c) * w for c, w in zip(s, range(n, 1, -1))) % 11
        s += "0" if r > 9 else str(r)
    return pick([s, "%s.%s.%s-%s" % (s[:3], s[3:6], s[6:9], s[9:])])


def cuil(d):
    while True:
        s = pick(["20", "27", "23"]) + dig(8, "1234")
        r = 11 - w11(s, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2))
        if r != 10:
            s += "0" if r == 11 else str(r)
            return pick([s, "%s-%s-%s" % (s[:2], s[2:10], s[10])])


def rut(d):
    s = dig(8, "1")
    t, m = 0, 2
    for c in reversed(s):
        t += int(c) * m
        m = 2 if m == 7 else m + 1
    r = 11 - t % 11
    k = {11: "0", 10: "K"}.get(r, str(r))
    return pick(["%s-%s" % (s, k), "%s.%s.%s-%s" % (s[:2], s[2:5], s[5:], k)])


def curp(d):
    body = alnum(1, "GMRLHP") + pick("AEIOU") + alnum(2, "GMRLHPTC") + d.strftime("%y%m%d") + pick("HM") + pick(["DF", "JC", "NL", "MC"]) + alnum(3, "RLNZBT")
    body += "0" if d.year < 2000 else "A"
    al = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
    return body + str((10 - sum(al.index(c) * (18 - i) for i, c in enumerate(body)) % 10) % 10)


def dni(d):
    if R.random() < 0.25:
        p = pick("XYZ")
        s = dig(7)
        return p + s + "TRWAGMYFPDXBNJZSQVHLCKE"[int(str("XYZ".index(p)) + s) % 23]
    s = dig(8)
    k = "TRWAGMYFPDXBNJZSQVHLCKE"[int(s) % 23]
    return pick([s + k, s + "-" + k])


def pt_nif(d):
    s = pick("12") + dig(7)
    r = 11 - w11(s, (9, 8, 7, 6, 5, 4, 3, 2))
    s += "0" if r > 9 else str(r)
    return pick([s, "%s %s %s" % (s[:3], s[3:6], s[6:])])


def nir(d):
    s = pick("12") + d.strftime("%y%m") + pick(["75", "69", "13", "33"]) + dig(3, "0123") + dig(3)
    k = "%02d" % (97 - int(s) % 97)
    return pick([s + k, "%s %s %s %s %s %s %s" % (s[0], s[1:3], s[3:5], s[5:7], s[7:10], s[10:], k)])


def codice(d):
    b = alnum(3, "RSSBNCVRD") + alnum(3, "MRCLGNT") + d.strftime("%y") + "ABCDEHLMPRST"[d.month - 1] + "%02d" % (d.day + pick([0, 40]))
    b += pick(["H501", "F205", "L219", "F839"])
    ov = dict(zip("0123456789", (1, 0, 5, 7, 9, 13, 15, 17, 19, 21)))
    ov.update(zip(string.ascii_uppercase, (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)))
    t = sum(ov[c] if i % 2 == 0 else (int(c) if c.isdigit() else ord(c) - 65) for i, c in enumerate(b))
    return b + chr(65 + t % 26)


def steuer(d):
    ds = list("0123456789")
    R.shuffle(ds)
    ds = ds[:10]
    ds[R.randint(5, 9)] = ds[R.randint(0, 3)]
    if ds[0] == "0":
        ds[0], ds[4] = ds[4], ds[0]
    p = 10
    for c in ds:
        s = (int(c) + p) % 10 or 10
        p = s * 2 % 11
    k = 11 - p
    s = "".join(ds) + str(0 if k == 10 else k)
    return pick([s, "%s %s %s %s" % (s[:2], s[2:5], s[5:8], s[8:])])


def bsn(d):
    while True:
        s = dig(8, "1234")
        r = sum(int(c) * w for c, w in zip(s, range(9, 1, -1))) % 11
        if r < 10:
            return s + str(r)


def be_rrn(d):
    s = d.strftime("%y%m%d") + "%03d" % R.randint(1, 997)
    k = "%02d" % (97 - int(("2" if d.year > 1999 else "") + s) % 97)
    return pick([s + k, "%s.%s.%s-%s.%s" % (s[:2], s[2:4], s[4:6], s[6:], k)])


def ahv(d):
    s = "756" + dig(9)
    s += str(-sum(int(c) * (3 if i % 2 else 1) for i, c in enumerate(s)) % 10)
    return pick([s, "%s.%s.%s.%s" % (s[:3], s[3:7], s[7:11], s[11:])])


def svnr(d):
    while True:
        n, t = dig(3, "123456789"), d.strftime("%d%m%y")
        k = w11(n + t, (3, 7, 9, 5, 8, 4, 2, 1, 6))
        if k < 10:
            return pick(["%s%d%s" % (n, k, t), "%s%d %s" % (n, k, t)])


def pnr_se(d):
    b = d.strftime("%y%m%d") + dig(3)
    s = b + luhn_digit(b)
    return pick([s[:6] + ("-" if d.year > 1926 else "+") + s[6:], d.strftime("%Y") + s[2:6] + "-" + s[6:], d.strftime("%Y") + s[2:]])


def fnr(d):
    while True:
        s = d.strftime("%d%m%y") + ("%03d" % (R.randint(0, 499) if d.year < 2000 else R.randint(500, 999)))
        a = 11 - w11(s, (3, 7, 6, 1, 8, 9, 4, 5, 2))
        a = 0 if a == 11 else a
        if a == 10:
            continue
        b = 11 - w11(s + str(a), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2))
        b = 0 if b == 11 else b
        if b != 10:
            return s + str(a) + str(b)


def cpr(d):
    while True:
        s = d.strftime("%d%m%y") + dig(3, "0123" if d.year < 2000 else "45")
        k = 11 - w11(s, (4, 3, 2, 7, 6, 5, 4, 3, 2))
        if k != 10:
            s += "0" if k == 11 else str(k)
            return pick([s, s[:6] + "-" + s[6:]])


def hetu(d):
    n = "%03d" % R.randint(2, 899)
    return d.strftime("%d%m%y") + ("-" if d.year < 2000 else "A") + n + "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(d.strftime("%d%m%y") + n) % 31]


def pesel(d):
    m = d.month + (20 if d.year > 1999 else 0)
    s = "%02d%02d%02d" % (d.year % 100, m, d.day) + dig(4)
    return s + str(-sum(int(c) * w for c, w in zip(s, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3))) % 10)


def rodne(d):
    while True:
        s = "%02d%02d%02d" % (d.year % 100, d.month + pick([0, 50]), d.day) + dig(3)
        k = int(s) % 11
        if k < 10:
            return pick([s + str(k), s[:6] + "/" + s[6:] + str(k)])


def taj(d):
    s = dig(8, "0123456789")
    k = sum(int(c) * (7 if i % 2 else 3) for i, c in enumerate(s)) % 10
    s += str(k)
    return pick([s, "%s %s %s" % (s[:3], s[3:6], s[6:])])


def cnp(d):
    s = pick("12" if d.year < 2000 else "56") + d.strftime("%y%m%d") + pick(["12", "40", "22", "35"]) + dig(3, "0123")
    k = w11(s, (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9))
    return s + str(1 if k == 10 else k)


def egn(d):
    s = "%02d%02d%02d" % (d.year % 100, d.month + (40 if d.year > 1999 else 0), d.day) + dig(3)
    return s + str(w11(s, (2, 4, 8, 5, 10, 9, 7, 3, 6)) % 10)


def oib(d):
    s = dig(10)
    p = 10
    for c in s:
        t = (int(c) + p) % 10 or 10
        p = t * 2 % 11
    return s + str((11 - p) % 10)


def isik(d):
    s = pick("34" if d.year < 2000 else "56") + d.strftime("%y%m%d") + dig(3)
    k = w11(s, (1, 2, 3, 4, 5, 6, 7, 8, 9, 1))
    if k == 10:
        k = w11(s, (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)) % 10
    return s + str(k)


def amka(d):
    b = d.strftime("%d%m%y") + dig(4)
    return b + luhn_digit(b)


def tckn(d):
    s = dig(9, "123456789")
    a = (7 * sum(map(int, s[::2])) - sum(map(int, s[1::2]))) % 10
    s += str(a)
    return s + str(sum(map(int, s)) % 10)


def snils(d):
    s = dig(9, "01")
    t = sum(int(c) * (9 - i) for i, c in enumerate(s)) % 101 % 100
    s = s if int(s) > 1001998 else "1" + s[1:]
    t = sum(int(c) * (9 - i) for i, c in enumerate(s)) % 101 % 100
    return "%s-%s-%s %02d" % (s[:3], s[3:6], s[6:], t)


def rnokpp(d):
    s = "%05d" % ((d - datetime.date(1899, 12, 31)).days) + dig(4)
    return s + str(sum(int(c) * w for c, w in zip(s, (-1, 5, 7, 9, 4, 6, 10, 5, 7))) % 11 % 10)


def il_id(d):
    b = dig(8, "0235")
    t = sum((x * 2 - 9 if x * 2 > 9 else x * 2) if i % 2 else x for i, x in enumerate(map(int, b)))
    return b + str(-t % 10)


def za_id(d):
    b = d.strftime("%y%m%d") + dig(4) + "08"
    return b + luhn_digit(b)


VD = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4, 0, 6, 7, 8, 9, 5], [2, 3, 4, 0, 1, 7, 8, 9, 5, 6], [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
      [4, 0, 1, 2, 3, 9, 5, 6, 7, 8], [5, 9, 8, 7, 6, 0, 4, 3, 2, 1], [6, 5, 9, 8, 7, 1, 0, 4, 3, 2], [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
      [8, 7, 6, 5, 9, 3, 2, 1, 0, 4], [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]]
VP = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 5, 7, 6, 2, 8, 3, 0, 9, 4], [5, 8, 0, 3, 7, 9, 6, 1, 4, 2], [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
      [9, 4, 5, 3, 1, 2, 6, 8, 7, 0], [4, 2, 8, 6, 5, 7, 3, 9, 0, 1], [2, 7, 9, 3, 8, 0, 6, 4, 1, 5], [7, 0, 4, 6, 9, 1, 3, 2, 5, 8]]


def aadhaar(d):
    b = dig(11, "2345678")
    c = 0
    for i, x in enumerate(reversed(b)):
        c = VD[c][VP[(i + 1) % 8][int(x)]]
    s = b + str([0, 4, 3, 2, 1, 5, 6, 7, 8, 9][c])
    return pick([s, "%s %s %s" % (s[:4], s[4:8], s[8:])])


def in_pan(d):
    return alnum(3, "ABCDEFGHKLM") + "P" + alnum(1, "KRSMVG") + dig(4) + alnum(1, "ABCDFGHJK")


def cn_id(d):
    s = pick(["110105", "310115", "440305", "510107"]) + d.strftime("%Y%m%d") + dig(3)
    return s + "10X98765432"[sum(int(c) * w for c, w in zip(s, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2))) % 11]


def rrn_kr(d):
    s = d.strftime("%y%m%d") + pick("12" if d.year < 2000 else "34") + dig(5)
    return "%s-%s%d" % (s[:6], s[6:], (11 - w11(s, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5))) % 10)


def mynumber(d):
    s = dig(11, "123456789")
    r = sum(int(c) * (n + 1 if n <= 6 else n - 5) for n, c in zip(range(11, 0, -1), s)) % 11
    s += "0" if r <= 1 else str(11 - r)
    return pick([s, grouped(s, " "), grouped(s, "-")])


def tw_id(d):
    l = pick("AFHBE")
    n = {"A": 10, "B": 11, "E": 14, "F": 15, "H": 17}[l]
    s = pick("12") + dig(7)
    t = n // 10 + n % 10 * 9 + sum(int(c) * w for c, w in zip(s, range(8, 0, -1)))
    return l + s + str(-t % 10)


def hkid(d):
    l, s = pick("ACGHKYZ"), dig(6)
    t = 36 * 9 + (ord(l) - 55) * 8 + sum(int(c) * w for c, w in zip(s, range(7, 1, -1)))
    r = -t % 11
    return "%s%s(%s)" % (l, s, "A" if r == 10 else r)


def nric(d):
    p, s = ("S" if d.year < 2000 else "T"), dig(7)
    t = sum(int(c) * w for c, w in zip(s, (2, 7, 6, 5, 4, 3, 2))) + (4 if p == "T" else 0)
    return p + s + "JZIHGFEDCBA"[t % 11]


def th_id(d):
    s = dig(12, "1345")
    s += str((11 - sum(int(c) * (13 - i) for i, c in enumerate(s)) % 11) % 10)
    return pick([s, "%s-%s-%s-%s-%s" % (s[0], s[1:5], s[5:10], s[10:12], s[12])])


def tfn(d):
    while True:
        s = dig(9, "1234568")
        if sum(int(c) * w for c, w in zip(s, (1, 4, 3, 7, 5, 8, 6, 9, 10))) % 11 == 0:
            return "%s %s %s" % (s[:3], s[3:6], s[6:])


def nhs():
    while True:
        s = dig(9, "469")
        k = 11 - w11(s, range(10, 1, -1))
        if k != 10:
            s += "0" if k == 11 else str(k)
            return pick([s, "%s %s %s" % (s[:3], s[3:6], s[6:])])


# country: (label, maker, what the field is called in plain words, then in the country's own)
NID = {"US": ("ssn", ssn, "ssn", "social security number"), "GB": ("national_id", nino, "nino", "national insurance number"),
       "CA": ("national_id", sin, "sin", "social insurance number"), "BR": ("national_id", cpf, "cpf", "cpf do titular"),
       "AR": ("national_id", cuil, "cuil", "nro cuil"), "CL": ("national_id", rut, "rut", "rut titular"), "MX": ("national_id", curp, "curp", "clave curp"),
       "ES": ("national_id", dni, "dni", "nif titular"), "PT": ("national_id", pt_nif, "nif", "numero de contribuinte"),
       "FR": ("national_id", nir, "nir", "numero de securite sociale"), "IT": ("codice_fiscale", codice, "codice fiscale", "cod fiscale"),
       "DE": ("german_tax_id", steuer, "steuer id", "steuerliche identifikationsnummer"), "NL": ("national_id", bsn, "bsn", "burgerservicenummer"),
       "BE": ("national_id", be_rrn, "rijksregisternummer", "numero de registre national"), "CH": ("national_id", ahv, "ahv nummer", "numero avs"),
       "AT": ("national_id", svnr, "svnr", "sozialversicherungsnummer"), "SE": ("national_id", pnr_se, "personnummer", "pers nr"),
       "NO": ("national_id", fnr, "fodselsnummer", "fnr"), "DK": ("national_id", cpr, "cpr", "cpr nummer"), "FI": ("national_id", hetu, "hetu", "henkilotunnus"),
       "PL": ("national_id", pesel, "pesel", "numer pesel"), "CZ": ("national_id", rodne, "rodne cislo", "rc"), "HU": ("national_id", taj, "taj szam", "taj"),
       "RO": ("national_id", cnp, "cnp", "cod numeric personal"), "BG": ("national_id", egn, "egn", "edinen grazhdanski nomer"), "HR": ("national_id", oib, "oib", "osobni identifikacijski broj"),
       "EE": ("national_id", isik, "isikukood", "isikukood"), "LT": ("national_id", isik, "asmens kodas", "asmens kodas"), "GR": ("national_id", amka, "amka", "amka"),
       "TR": ("national_id", tckn, "tckn", "tc kimlik no"), "RU": ("national_id", snils, "snils", "snils"), "UA": ("national_id", rnokpp, "rnokpp", "ipn"),
       "IL": ("national_id", il_id, "teudat zehut", "id number"), "ZA": ("national_id", za_id, "sa id number", "rsa id"), "IN": ("national_id", aadhaar, "aadhaar", "aadhar no"),
       "CN": ("national_id", cn_id, "id card number", "shenfenzheng"), "KR": ("national_id", rrn_kr, "rrn", "resident registration number"),
       "JP": ("national_id", mynumber, "my number", "kojin bango"), "TW": ("national_id", tw_id, "national id", "id no"), "HK": ("national_id", hkid, "hkid", "hkid no"),
       "SG": ("national_id", nric, "nric", "nric fin"), "TH": ("national_id", th_id, "thai id", "citizen id"), "AU": ("national_id", tfn, "tfn", "tax file number")}
