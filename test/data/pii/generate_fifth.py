#!/usr/bin/python3
"""Writes a fifth set of labelled documents: generate_fifth.py SEED COUNT > fifth.jsonl

The same form as the other sets, every value labelled. The names of fields vary from document to document: each kind
takes them from lists of synonyms, in one of several styles of writing. It was written without reading the detectors and
is frozen (README in this folder). fifth_kinds.py and fifth_records.py have the kinds of documents, fifth_names.py the
names, texts and look-alikes, fifth_values.py and fifth_numbers.py the values."""
import json
import sys

import fifth_records as kinds
from fifth_names import S, STYLES, plain
from fifth_numbers import R

if __name__ == "__main__":
    R.seed(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
    for i in range(int(sys.argv[2]) if len(sys.argv) > 2 else 600):
        S.style = R.choice(STYLES)
        S.without = i % 4 == 2
        chosen = kinds.WITHOUT[i // 4 % len(kinds.WITHOUT)] if S.without else kinds.next_with()
        found = []
        made = plain(chosen(), "$", found)
        assert S.without != bool(found), chosen.__name__
        found = [list(x) for x in dict.fromkeys(map(tuple, found))]
        print(json.dumps({"document": made, "pii": found}, ensure_ascii=False, separators=(",", ":")))
