"""Marks, styles of names of fields, and the list of kinds."""
import re
import sys

sys.dont_write_bytecode = True
from marked import P, plain  # noqa: E402
import sixth_values as v  # noqa: E402
from sixth_values import R, pick  # noqa: E402

WITH, CLEAN = [], []
STYLE = ["camel"]
STYLES = ["camel", "camel", "snake", "snake", "kebab", "pascal", "upper", "joined", "words", "title"]


def with_pii(f):
    WITH.append(f)
    return f


def clean(f):
    CLEAN.append(f)
    return f


def k(words, style=None):
    if words.startswith("="):
        return words[1:]
    w, s = words.lower().split(), style or STYLE[0]
    return {"camel": lambda: w[0] + "".join(x.capitalize() for x in w[1:]), "snake": lambda: "_".join(w), "kebab": lambda: "-".join(w),
            "pascal": lambda: "".join(x.capitalize() for x in w), "upper": lambda: "_".join(w).upper(), "joined": lambda: "".join(w),
            "words": lambda: " ".join(w), "title": lambda: " ".join(x.capitalize() for x in w)}[s]()


def o(fields, style=None):
    """A record: names of fields in the style of this document; a name may give choices with |; empty values are left out."""
    out = {}
    for name, value in fields.items():
        if isinstance(value, P) and value.value == "":
            continue
        raw = name.startswith("=")
        out[k(("=" if raw else "") + pick(name.lstrip("=").split("|")), style)] = value
    return out


def mark(kind):
    return lambda value: P(value, kind)


pn, ad, em, ph, bd = mark("person_name"), mark("address"), mark("email"), mark("phone"), mark("birth_date")
ex, pa, ib, ipa, cv, tr = mark("expiry"), mark("pan"), mark("iban"), mark("ip"), mark("cvv"), mark("track")


def nid(p):
    return P(p.nid(), p.label)


def dob(p):
    return bd(v.born(p.dob, p.c))


def cvv():
    return v.dig(3)


def items(n=2):
    return [o({"sku|item code": v.alnum(8, "ABCDEFGH0123456789"), "name|title|description": pick(v.PRODUCT), "ean|gtin|barcode": v.ean(), "qty|quantity": R.randint(1, 4),
               "unit price|price": "%d.%02d" % (R.randint(2, 300), R.randint(0, 99))}) for _ in range(n)]


def money():
    return pick([R.randint(100, 999999), "%d.%02d" % (R.randint(1, 9000), R.randint(0, 99)), "%d,%02d €" % (R.randint(1, 900), R.randint(0, 99))])
