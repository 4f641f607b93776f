"""The figures of README's comparison, and their chart."""

import json
import sys
from html import escape

from .baseline import machine, versions
from .common import ROOT, rows
from .report import EC2_PEER, PEER, TABLE, who

FIGURES = ROOT.parent.parent / "docs/peers.json"
CHART = FIGURES.with_suffix(".svg")
# The crate of a contender.
CRATES = {PEER: "aws-sdk-storagegateway", EC2_PEER: "aws-sdk-ec2"}

# Figures of the report that are drawn, and their names for readers.
DRAWN = {
    "crates, normal and build": "crates to compile",
    "clean build, check: s CPU": "clean build, check: s of CPU",
    "clean build, debug: s CPU": "clean build, debug: s of CPU",
    "clean build, release: s CPU": "clean build, release: s of CPU",
    "stripped release binary: MB": "stripped release binary: MB",
    "call over HTTP, small response: us CPU": "call over HTTP, small response: µs of CPU",
    "call in memory, list of 100: us CPU": "call in memory, list of 100: µs of CPU",
    "call in memory, empty list: allocations": "call in memory, empty list: allocations",
    "peak memory, one call at a time: MiB": "peak memory, one call at a time: MiB",
    "EC2, clean build, check: s CPU": "EC2: clean build, check: s of CPU",
    "EC2, clean build, debug: s CPU": "EC2: clean build, debug: s of CPU",
    "EC2, clean build, release: s CPU": "EC2: clean build, release: s of CPU",
    "EC2, largest process of a debug build: GiB": "EC2: largest process of a debug build: GiB",
    "EC2, stripped release binary: MB": "EC2: stripped release binary: MB",
}


def chart(check):
    """Stores the current figures of README's comparison and draws them; figures that were not measured keep theirs."""
    stored = json.loads(FIGURES.read_text()) if FIGURES.exists() else {"figures": []}
    if check:
        if CHART.read_text() != draw(stored):
            sys.exit(f"{CHART.name} is not drawn from {FIGURES.name}: cargo xtask peers chart")
        return
    known = {figure["what"]: figure for figure in stored["figures"]}
    known |= {figure["what"]: figure for figure in measured()}
    figures = [known[label] for label in DRAWN.values() if label in known]
    lines = ",\n  ".join(json.dumps(figure, ensure_ascii=False) for figure in figures)
    text = f'{{\n "figures": [\n  {lines}\n ]\n}}\n'
    FIGURES.write_text(text)
    CHART.write_text(draw(json.loads(text)))


def measured():
    """A figure for each line of the report that has both sides, measured in one run."""
    host = machine()
    where = f"{host['cpus']} processors ({host['model']}), {host['rustc'].split(' (')[0]}"
    for figure in TABLE:
        all_ = [row for row in rows(figure.step) if figure.name in row and figure.rows(row)]
        ours, peer = figure.of(all_, figure.ours), figure.of(all_, figure.peer)
        if figure.what not in DRAWN or ours is None or peer is None:
            continue
        runs = sorted({row["run"] for row in all_ if who(row) in (figure.ours, figure.peer)})
        crate = CRATES[figure.peer]
        yield {"what": DRAWN[figure.what], "crate": f"{crate} {versions()[crate][0]}", "peer": rounded(peer / figure.unit), "ours": rounded(ours / figure.unit),
               "ratio": rounded(figure.ratio(all_, ours, peer)), "measured": runs[-1][:10], "where": where}


def rounded(figure):
    return float(f"{figure:.3g}") if figure < 1000 else round(figure)


# Sizes of the drawing.
LABEL, BAR, VALUES, ROW, TOP = 300, 300, 130, 34, 62
OURS, PEERS = "#2a7f62", "#c9cdd2"


def draw(stored):
    """A row per figure, below its crate: the peer's bar is the whole width, ours is the ratio's part of it."""
    figures = stored["figures"]
    crates = list(dict.fromkeys(figure["crate"] for figure in figures))
    width, height = LABEL + BAR + VALUES, TOP + ROW * (len(figures) + len(crates)) + 40
    title = "The same program with two clients: less is better"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'role="img" font-family="sans-serif" font-size="13">',
        f"<title>gatewright compared with {escape(' and '.join(crates))}</title>",
        f'<rect width="{width}" height="{height}" rx="6" fill="#fff"/>',
        text(16, 26, title, 'font-size="15" font-weight="bold"'),
        key(16, 40, OURS, "gatewright"),
        key(136, 40, PEERS, "the official crate, named above its figures"),
    ]
    y = TOP
    for crate in crates:
        parts.append(text(LABEL, y + 22, crate, 'font-weight="bold"'))
        y += ROW
        for figure in (figure for figure in figures if figure["crate"] == crate):
            parts += row(y, figure)
            y += ROW
    taken = sorted({f"{figure['measured']}, {figure['where']}" for figure in figures})
    parts.append(text(16, height - 14, "Measured on " + "; ".join(taken), 'font-size="11" fill="#555"'))
    return "\n".join([*parts, "</svg>"]) + "\n"


def row(y, figure):
    ours = max(1, round(BAR * figure["ratio"]))
    return [
        text(LABEL - 12, y + 19, figure["what"], 'text-anchor="end"'),
        f'<rect x="{LABEL}" y="{y + 4}" width="{BAR}" height="22" fill="{PEERS}"/>',
        f'<rect x="{LABEL}" y="{y + 4}" width="{ours}" height="22" fill="{OURS}"/>',
        text(LABEL + BAR + 10, y + 19, f"{figure['ours']:g} vs. {figure['peer']:g}"),
    ]


def key(x, y, colour, name):
    return f'<rect x="{x}" y="{y}" width="12" height="12" fill="{colour}"/>' + text(x + 18, y + 11, name)


def text(x, y, content, attributes=""):
    return f'<text x="{x}" y="{y}" {attributes}>{escape(content)}</text>'.replace(" >", ">")
