"""`python -m tests.fuzz MINUTES`: ask the oracle of texts at random, in as many processes as there are processors.

A process that dies or hangs is a find too: what it was asked last is in a file. The exit status is 1 where
there are finds.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

from tests.fuzz import corpus
from tests.fuzz.grammar import Grammar
from tests.fuzz.lines import Lines
from tests.fuzz.mutation import Mutation
from tests.fuzz.oracle import Find, ask

HANGS = 30.0
"""Seconds after which a process is taken to hang."""

_MEMORY = 3 * 2**30
_GROWTH = 96 * 1024
"""Kibibytes by which the memory of a process may grow at one text, once it is warm."""

_WARM = 2000
_BATCH = 100


class Worker:
    """One process: its texts, and what came of them, written to files in ``folder``."""

    def __init__(self, seed: int, folder: Path, syntaxes: list[str]) -> None:
        self.random = Random(seed)
        self.folder = folder
        self.seed = seed
        self.texts = {name: corpus.programs() if name == "python" else corpus.formulas() for name in syntaxes}
        self.mutations = {name: Mutation(self.random, texts, name) for name, texts in self.texts.items()}
        self.grammar = Grammar(self.random)
        self.lines = Lines()
        self.figures: dict[str, Any] = {"executions": 0, "slowest": 0.0, "text": "", "kept": 0}
        self.outcomes: Counter[str] = Counter()
        self.finds: dict[str, list[str]] = {}

    def run(self, until: float) -> None:
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        while time.monotonic() < until:
            syntax = self.random.choices(list(self.texts), [4, 1][: len(self.texts)])[0]
            self.one(self.text(syntax), syntax)
            if not self.figures["executions"] % _BATCH:
                self.write()
        self.write()

    def text(self, syntax: str) -> str:
        """Another text, one in five from the grammar alone, the others from one that is there; most of them parse."""
        for _ in range(self.random.choice((1, 2, 8, 8))):
            if syntax == "python" and self.random.random() < 0.2:
                text = self.grammar.program()
            else:
                text = self.mutations[syntax].change(self.random.choice(self.texts[syntax]))
            if not corpus.is_refused(text, syntax):
                break
        return text

    def one(self, text: str, syntax: str) -> None:
        """Ask of a text, and keep it where it reaches lines that none has reached."""
        (self.folder / f"{self.seed}.asked").write_text(json.dumps([syntax, text]))
        before, memory, begin = len(self.lines.reached), _most_memory(), time.process_time()
        self.lines.start()
        try:
            self.outcomes[ask(text, syntax)] += 1
        except Find as find:
            self.finds.setdefault(str(find), [syntax, text])
        finally:
            self.lines.stop()
        spent, figures = time.process_time() - begin, self.figures
        figures["executions"] += 1
        if spent > figures["slowest"]:
            figures["slowest"], figures["text"] = spent, text
        if figures["executions"] > _WARM and (grown := _most_memory() - memory) > _GROWTH:
            self.finds.setdefault(f"memory grew by {grown // 1024} MiB", [syntax, text])
        if len(self.lines.reached) > before:
            self.texts[syntax].append(text)
            figures["kept"] += 1

    def write(self) -> None:
        """What is known so far."""
        found = {**self.figures, "memory": _most_memory() // 1024, "outcomes": dict(self.outcomes),
                 "finds": self.finds, "lines": sorted(self.lines.reached)}  # fmt: skip
        partial = self.folder / f"{self.seed}.partial"
        partial.write_text(json.dumps(found))
        partial.rename(self.folder / f"{self.seed}.json")


def _most_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def work(seed: int, folder: Path, syntaxes: list[str], until: float) -> None:
    Worker(seed, folder, syntaxes).run(until)


def watch(folder: Path, syntaxes: list[str], minutes: float, processes: int, seed: int) -> dict[str, list[str]]:
    """Run processes until the time is over, each replaced where it dies or hangs; the finds that are their deaths."""
    until, deaths = time.monotonic() + 60 * minutes, dict[str, list[str]]()
    running: dict[int, multiprocessing.Process] = {}
    while time.monotonic() < until or running:
        while len(running) < processes and time.monotonic() < until:
            running[seed] = multiprocessing.Process(target=work, args=(seed, folder, syntaxes, until))
            running[seed].start()
            seed += 1
        time.sleep(0.5)
        for number, process in list(running.items()):
            asked = folder / f"{number}.asked"
            hangs = asked.exists() and time.time() - asked.stat().st_mtime > HANGS
            if hangs:
                process.kill()
            if hangs or not process.is_alive():
                process.join()
                del running[number]
                if hangs or process.exitcode:
                    how = "hung" if hangs else f"ended with {process.exitcode}"
                    deaths[f"process {how}"] = json.loads(asked.read_text()) if asked.exists() else ["", ""]
    return deaths


def report(folder: Path, finds: dict[str, list[str]]) -> bool:
    """Print the figures; whether there are no finds."""
    found = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]
    outcomes: Counter[str] = Counter()
    lines: set[tuple[str, int]] = set()
    for part in found:
        outcomes.update(part["outcomes"])
        finds |= part["finds"]
        lines |= {(file, line) for file, line in part["lines"]}
    slowest = max(found, key=lambda part: part["slowest"])
    print(f"executions   {sum(part['executions'] for part in found):,}, in {len(found)} processes")
    print(f"answers      {', '.join(f'{name} {count:,}' for name, count in outcomes.most_common())}")
    print(f"lines        {len(lines):,} of engine/language reached; {sum(part['kept'] for part in found):,} texts kept")
    print(f"memory       {max(part['memory'] for part in found):,} MiB at most")
    print(f"slowest      {slowest['slowest']:.2f} s: {slowest['text'][:200]!r}")
    print(f"finds        {len(finds)}")
    for name, (syntax, text) in finds.items():
        print(f"  {name}\n    {syntax}: {text!r}")
    return not finds


def main() -> None:
    """Read the arguments, run, report."""
    parser = argparse.ArgumentParser(description="Ask the engine of programs at random.")
    parser.add_argument("minutes", type=float)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--syntax", action="append", choices=("python", "latex"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        syntaxes = options.syntax or ["python", "latex"]
        deaths = watch(Path(folder), syntaxes, options.minutes, options.processes, options.seed)
        sys.exit(not report(Path(folder), deaths))


if __name__ == "__main__":
    main()
