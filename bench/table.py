"""Makes the table of `make bench` out of the samples and claims that the rows left, and the JSON beside it.

usage: table.py OUT_DIR RESULT.json ROW...

A ratio is taken within each round, whose two sides were measured next to each other; what is shown is the
median of the rounds' ratios and, as the spread, the smallest and the largest. Where the lower side is a small
difference of two measurements (a claim "of medians") the medians are divided instead, and the spread is what the
lower and the upper quartile of the lower side make of it; ∞ says that it is too small to measure.
"""
import json
import math
import os
import platform
import re
import statistics
import subprocess
import sys
from datetime import datetime, timezone


def read_rows(path):
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as lines:
        return [line.rstrip("\n").split("\t") for line in lines if line.strip()]


def read_samples(path):
    """series → {round: value}, series → unit"""
    values, units = {}, {}
    for series, number, value, unit in read_rows(path):
        values.setdefault(series, {})[int(number)] = float(value)
        units[series] = unit
    return values, units


def spread(numbers):
    return {"median": statistics.median(numbers), "min": min(numbers), "max": max(numbers)}


def ratio_of_medians(above, below):
    """INFINITY where the lower side is not above zero."""
    upper = statistics.median(above)
    lower = statistics.quantiles(below, n=4)
    of = [upper / value if value > 0 else math.inf for value in lower]
    return {"median": of[1], "min": of[2], "max": of[0]}


def ratio_of_rounds(above, below):
    ratios = [above[number] / below[number] for number in sorted(above) if number in below]
    return spread(ratios) | {"rounds": ratios}


def figure(text, numerator, denominator, bound, target, way, values):
    above = values[numerator]
    fixed = re.fullmatch(r"([0-9.]+) (\S+)", denominator)
    below = {number: float(fixed.group(1)) for number in above} if fixed else values[denominator]
    ratio = ratio_of_medians(above.values(), below.values()) if way == "medians" else ratio_of_rounds(above, below)
    unit = fixed.group(2) if fixed and float(fixed.group(1)) == 1 else "×"
    result = {"what": text, "ratio": ratio, "of": way, "unit": unit}
    if target != "-":
        middle = ratio["median"]
        result["target"] = {"bound": bound, "value": float(target)}
        result["met"] = middle >= float(target) if bound == "least" else middle <= float(target)
    return result


def row_result(out_dir, row):
    base = os.path.join(out_dir, row)
    values, units = read_samples(base + ".samples")
    series = {
        name: spread(list(rounds.values())) | {"unit": units[name], "rounds": [rounds[n] for n in sorted(rounds)]}
        for name, rounds in values.items()
    }
    figures = [figure(*claim, values) for claim in read_rows(base + ".claims")]
    notes = [fields[0] for fields in read_rows(base + ".notes")]
    return {"row": row, "command": f"scripts/bench {row}", "figures": figures, "measured": series, "notes": notes}


def machine():
    model = "unknown"
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return {"processor": model, "cores": os.cpu_count(), "kernel": platform.release(),
            "load_average": [round(load, 2) for load in os.getloadavg()]}


def run(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def without_infinity(value):
    """JSON has no infinity: null stands for it."""
    if isinstance(value, dict):
        return {name: without_infinity(member) for name, member in value.items()}
    if isinstance(value, list):
        return [without_infinity(member) for member in value]
    return None if value == math.inf else value


def short(number):
    if number == math.inf:
        return "∞"
    return f"{number:.3g}" if abs(number) < 1000 else f"{number:,.0f}"


def print_table(results):
    lines = [("row", "figure", "median", "spread", "target", "")]
    for result in results:
        for one in result["figures"]:
            unit = "" if one["unit"] == "×" else " " + one["unit"]
            wanted = verdict = ""
            if "target" in one:
                sign = "≥" if one["target"]["bound"] == "least" else "≤"
                wanted = f"{sign} {one['target']['value']:g}{unit}"
                verdict = "met" if one["met"] else "MISSED"
            lines.append((result["row"], one["what"], short(one["ratio"]["median"]) + unit,
                          short(one["ratio"]["min"]) + "–" + short(one["ratio"]["max"]), wanted, verdict))
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    for number, line in enumerate(lines):
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())
        if number == 0:
            print("  ".join("-" * width for width in widths))
    print()
    for result in results:
        for name, one in result["measured"].items():
            print(f"{result['row']}: {name}: {short(one['median'])} {one['unit']} "
                  f"({short(one['min'])}–{short(one['max'])}, {len(one['rounds'])} rounds)")
        for note in result["notes"]:
            print(f"{result['row']}: {note}")


def main():
    out_dir, target, *rows = sys.argv[1:]
    results = [row_result(out_dir, row) for row in rows]
    document = {
        "time": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "commit": run("git", "describe", "--always", "--dirty"),
        "postgresql": run("postgres", "--version"),
        "machine": machine(),
        "rows": results,
    }
    with open(target, "w", encoding="utf-8") as out:
        json.dump(without_infinity(document), out, ensure_ascii=False, indent=1)
        out.write("\n")
    print_table(results)
    print(f"\nwritten to {os.path.relpath(target)}")


main()
