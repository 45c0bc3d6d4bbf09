"""The oracle asked by atheris, a fuzzer guided by coverage, which is not installed with the project's tools.

    pip install atheris; python -m tests.fuzz.atheris FOLDER -max_total_time=600

``FOLDER`` takes the texts that reached something new. Finds do not end it: each kind is printed once.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["engine.language"]):
    from tests.fuzz import corpus
    from tests.fuzz.oracle import Find, ask

FINDS: set[str] = set()


def one(data: bytes) -> None:
    text = data.decode("utf-8", errors="replace")
    try:
        ask(text)
    except Find as find:
        if str(find) not in FINDS:
            FINDS.add(str(find))
            print(f"FIND {find}: {text!r}", flush=True)


def main() -> None:
    """Put the corpus into the folder, and run."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(corpus.programs()):
        (folder / f"seed{number}").write_text(text)
    atheris.Setup([*sys.argv, "-max_len=2000", "-rss_limit_mb=3000", "-timeout=30"], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
