"""Draws what the rows decoder* measured as an SVG: a bar a plugin, its median in seconds and its spread.

usage: plot.py RESULT.json... OUT.svg      (of a row that is in several results, the last one counts)
"""
import json
import sys
from xml.sax.saxutils import escape

# Row → title, and groups of (series, label).
ROWS = {
    "decoder": ("400,000 updates in one transaction", [
        ("nothing", "a plugin that does nothing"), ("same_bytes", "the same bytes, unformatted"),
        ("packed", "gpsync_decoder, packed"), ("one_message_a_change", "gpsync_decoder, one message a change"),
        ("pgoutput", "pgoutput"), ("wal2json", "wal2json, format 2")]),
    "decoder_small": ("200,000 transactions of one row", [
        ("nothing", "a plugin that does nothing"), ("gpsync_decoder", "gpsync_decoder"), ("pgoutput", "pgoutput"),
        ("wal2json", "wal2json, format 2")]),
}
SHAPES = {"wide": "50,000 rows of 60 columns", "narrow": "300,000 rows of 3 columns",
          "large": "10,000 documents of 10 kB (jsonb)", "tables": "40,000 rows of 4,000 tables"}
PLUGINS = [("gpsync", "gpsync_decoder, packed"), ("pgoutput", "pgoutput"), ("wal2json", "wal2json, format 2")]

WIDTH, LABELS, BARS = 800, 310, 390  # px: the whole, left of the bars, of the longest bar
BAR, GAP, TITLE = 16, 6, 34
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #24292f; }
.title { font-weight: 600; }
.other { fill: #8c959f; } .own { fill: #0969da; } .spread { stroke: #24292f; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; } .other { fill: #6e7681; } .own { fill: #4493f8; } .spread { stroke: #e6edf3; }
}"""


def read_measured(paths):
    measured = {}
    for path in paths:
        with open(path, encoding="utf-8") as file:
            measured.update({row["row"]: row["measured"] for row in json.load(file)["rows"]})
    return measured


def groups(measured):
    for row, (title, series) in ROWS.items():
        if row in measured:
            yield title, [(label, measured[row][name]) for name, label in series]
    for shape, title in SHAPES.items():
        if "decoder_shapes" in measured:
            yield title, [(label, measured["decoder_shapes"][f"{shape}_{name}"]) for name, label in PLUGINS]


def draw_bar(y, label, values, scale):
    kind = "own" if label.startswith("gpsync") else "other"
    middle = y + BAR / 2
    length, low, high = (values[name] * scale for name in ("median", "min", "max"))
    return [f'<text x="{LABELS - 8}" y="{y + 13}" text-anchor="end">{escape(label)}</text>',
            f'<rect class="{kind}" x="{LABELS}" y="{y}" width="{length:.1f}" height="{BAR}"/>',
            f'<line class="spread" x1="{LABELS + low:.1f}" x2="{LABELS + high:.1f}" y1="{middle}" y2="{middle}"/>',
            f'<text x="{LABELS + max(high, length) + 8:.1f}" y="{y + 13}">{values["median"]:.2f} s</text>']


def draw(measured):
    y, lines = 0, []
    for title, bars in groups(measured):
        lines.append(f'<text class="title" x="8" y="{y + 22}">{escape(title)}</text>')
        y += TITLE
        scale = BARS / max(values["max"] for _, values in bars)
        for label, values in bars:
            lines += draw_bar(y, label, values, scale)
            y += BAR + GAP
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y + GAP}" width="{WIDTH}" role="img">'
            f"<title>Seconds to decode the same WAL: medians, and the spread as a line</title><style>{STYLE}\n</style>")
    return "\n".join([head, *lines, "</svg>"]) + "\n"


def main():
    *results, target = sys.argv[1:]
    with open(target, "w", encoding="utf-8") as out:
        out.write(draw(read_measured(results)))


main()
