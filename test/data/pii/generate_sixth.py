#!/usr/bin/python3
"""Writes the sixth set of labelled documents: generate_sixth.py [SEED] [COUNT] > sixth.jsonl; with "kinds" behind
them the kinds of the documents, line by line. Written without reading the detectors, their documentation or the
documents of the other sets; frozen (README in this folder). sixth_vendors.py, sixth_formats.py and sixth_business.py
have the kinds with PII, sixth_clean.py those without, sixth_values.py and sixth_numbers.py the values."""
import json
import sys

import sixth_vendors, sixth_formats, sixth_business, sixth_clean  # noqa: F401,E401
from sixth_base import CLEAN, R, STYLE, STYLES, WITH, plain


def rounds(kinds):
    while True:
        order = list(kinds)
        R.shuffle(order)
        yield from order


if __name__ == "__main__":
    R.seed(int(sys.argv[1]) if len(sys.argv) > 1 else 6)
    some, none = rounds(WITH), rounds(CLEAN)
    for i in range(int(sys.argv[2]) if len(sys.argv) > 2 else 640):
        STYLE[0] = R.choice(STYLES)
        kind = next(none if i % 4 == 2 else some)
        found = []
        made = plain(kind(), "$", found)
        assert bool(found) != (kind in CLEAN), kind.__name__
        found = [list(x) for x in dict.fromkeys(map(tuple, found))]
        line = json.dumps({"document": made, "pii": found}, ensure_ascii=False, separators=(",", ":"))
        print(kind.__name__ if "kinds" in sys.argv else line)
