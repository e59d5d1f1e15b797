"""Tagging and fuzzy lookup beside other tools, on one core; prints two tables."""

import argparse
import csv
import io
import json
import logging
import os
import random
import subprocess
import tempfile
from pathlib import Path

import zstandard

ROOT = Path(__file__).resolve().parents[2]
SENTENCES = [
    "The minister said on Monday that the road from {} to {} would be open by the end of the month.",
    "Nobody had expected it so soon, and few believed that it would stay so.",
    "Two trains a day go from {} by way of {}; the rest of the line was never built.",
    "The price of bread rose again, as it does every winter, and people spoke of little else.",
    "A spokeswoman in {} told reporters that talks with {} had not begun.",
]


def table(name):
    """Rows of a table of the bundled data, header first."""
    with open(ROOT / "data/world" / name, "rb") as file:
        reader = zstandard.ZstdDecompressor(max_window_size=2**31).stream_reader(file)
        for line in io.TextIOWrapper(reader, "utf-8", newline="\n"):
            yield line.rstrip("\n").split("\t")


def gazetteer():
    """Every name, the main name of each place, and the towns with 100,000 inhabitants."""
    rows = table("places.tsv.zst")
    at = {column: n for n, column in enumerate(next(rows))}
    large = {r[at["id"]] for r in rows if r[at["feature"]].startswith("P.") and int(r[at["population"]] or 0) >= 100_000}
    ids, main = {}, {}
    for part in sorted((ROOT / "data/world").glob("names-*")):
        rows = table(f"{part.name}/names.tsv.zst")
        next(rows)
        for row in rows:
            ids.setdefault(row[1], set()).add(row[0])
            main.setdefault(row[0], row[1])
    return ids, main, sorted(main[id] for id in large)


def text(towns, documents):
    """Documents of about 3 kB, and the names put into each."""
    chosen = random.Random(1)
    for _ in range(documents):
        names, sentences = [], []
        for n in range(36):
            two = chosen.sample(towns, 2)
            sentence = SENTENCES[n % len(SENTENCES)]
            names += two if "{}" in sentence else []
            sentences.append(sentence.format(*two))
        yield " ".join(sentences), names


def row(*cells):
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def timed(work):
    """Processor time, of this process and of those it waits for: what else the machine does counts less."""
    begin = os.times()
    result = work()
    end = os.times()
    return sum(end[:4]) - sum(begin[:4]), result


def tagging(allonym, documents):
    """Each tool takes a text and gives the surfaces that it holds for places."""
    logging.disable(logging.CRITICAL)
    megabytes = sum(len(text.encode()) for text, _ in documents) / 1e6
    put_in = sum(len(set(names)) for _, names in documents)

    def flashgeotext():
        from flashgeotext.geotext import GeoText
        tool = GeoText()
        def tag(text):
            found = tool.extract(text, span_info=True)
            return [s for kind in found.values() for one in kind.values() for s in one["found_as"]]
        return tag

    def geotext():
        from geotext import GeoText
        return lambda text: (lambda found: found.cities + found.countries)(GeoText(text))

    def local_geocode():
        from geocode.geocode import Geocode
        tool = Geocode()
        tool.load()
        return lambda text: [one["name"] for one in tool.decode(text)]

    print(f"\nTagging {megabytes:.1f} MB, {len(documents)} documents, one core\n")
    row("tool", "load", "MB/s", "names found", "allonym is faster by")
    row("---", "--:", "--:", "--:", "--:")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "documents.jsonl"
        path.write_text("".join(json.dumps({"id": str(n), "text": t}) + "\n" for n, (t, _) in enumerate(documents)))
        command = [allonym, "tag", "--jobs", "1", path]
        subprocess.run([*command[:-1], "-"], input=b"", capture_output=True, check=True)
        took, out = timed(lambda: subprocess.run(command, capture_output=True, check=True).stdout)
    surfaces = [set() for _ in documents]
    for line in out.splitlines():
        mention = json.loads(line)
        surfaces[int(mention["doc"])].add(mention["surface"])
    found = sum(len(set(names) & s) for (_, names), s in zip(documents, surfaces))
    ours = megabytes / took
    row("allonym tag, which also says what each name means", "in it", f"{ours:.2f}", f"{found / put_in:.1%}", "")
    for name, make in [("flashgeotext", flashgeotext), ("geotext", geotext), ("local_geocode", local_geocode)]:
        load, tag = timed(make)
        took, tagged = timed(lambda: [set(tag(text)) for text, _ in documents])
        found = sum(len(set(names) & s) for (_, names), s in zip(documents, tagged))
        speed = megabytes / took
        row(name, f"{load:.1f} s", f"{speed:.2f}", f"{found / put_in:.1%}", f"{ours / speed:.1f}")


def misspelt(name):
    middle = len(name) // 2
    return name[:middle] + name[middle + 1 :]


def fuzzy(allonym, ids, main, many, few):
    """The best name for one with a letter missing, among all."""
    from rapidfuzz import fuzz, process
    from rapidfuzz.distance import OSA

    chosen = random.Random(2)
    pool = sorted({name for name in main.values() if 6 <= len(name) <= 30})
    asked = [name for name in chosen.sample(pool, 2 * many) if misspelt(name) not in ids][:many]
    names = sorted(ids)
    print(f"\nA name with a letter missing among {len(names):,} different names, one core\n")
    row("tool", "a name", "right name first", "allonym is faster by")
    row("---", "--:", "--:", "--:")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "asked.csv"
        with open(path, "w", newline="") as file:
            csv.writer(file).writerows([["place"], *[[misspelt(name)] for name in asked]])
        command = [allonym, "normalize", path, "--column", "place", "--jobs", "1", "--quiet"]
        took, out = timed(lambda: subprocess.run(command, capture_output=True, check=True).stdout)
    answers = csv.DictReader(io.StringIO(out.decode()))
    right = sum(answer["place_id"] in ids[name] for answer, name in zip(answers, asked))
    ours = took / len(asked)
    row("allonym normalize, whole process", f"{ours * 1e3:.2f} ms", f"{right / len(asked):.1%}", "")
    scorers = [("rapidfuzz ratio", fuzz.ratio, 80), ("rapidfuzz OSA", OSA.normalized_similarity, 0.8)]
    for what, scorer, cutoff in scorers:
        def search():
            best = [process.extractOne(misspelt(name), names, scorer=scorer, score_cutoff=cutoff) for name in asked[:few]]
            return sum(found is not None and found[0] == name for found, name in zip(best, asked))
        took, right = timed(search)
        each = took / few
        row(what, f"{each * 1e3:.1f} ms", f"{right / few:.1%}", f"{each / ours:.0f}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--allonym", default=ROOT / "target/release/allonym")
    arguments.add_argument("--documents", type=int, default=1000)
    arguments.add_argument("--names", type=int, default=2000, help="misspelt names for allonym")
    arguments.add_argument("--few", type=int, default=50, help="how many of them for rapidfuzz")
    given = arguments.parse_args()
    os.sched_setaffinity(0, {0})
    ids, main_names, towns = gazetteer()
    tagging(given.allonym, list(text(towns, given.documents)))
    fuzzy(given.allonym, ids, main_names, given.names, given.few)


if __name__ == "__main__":
    main()
