"""The README tells the truth: its commands get the answers that it shows."""

import asyncio
import doctest
import json
import re
import shlex
from dataclasses import fields
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from app.main import create_app
from engine.limits import Limits

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```bash\n(curl .*?)```\n\n```json\n(.*?)```", README, re.DOTALL)


async def answer_to(command: str) -> object:
    """What the service answers to a curl command."""
    words = shlex.split(command.replace("\\\n", " "))
    address = next(word for word in words if word.startswith("localhost"))
    header = words[words.index("-H") + 1].partition(": ")
    transport = httpx.ASGITransport(app=create_app())
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        body = words[words.index("-d") + 1]
        path = urlsplit("//" + address).path
        response = await client.post(path, content=body, headers={header[0]: header[2]})
    return response.json()


def assert_alike(answer: object, shown: object) -> None:
    """The same but for the last digits, in which processors differ."""
    if isinstance(shown, dict):
        assert isinstance(answer, dict)
        assert list(answer) == list(shown)
        for key, value in shown.items():
            assert_alike(answer[key], value)
    elif isinstance(shown, list):
        assert isinstance(answer, list)
        assert len(answer) == len(shown)
        for one, other in zip(answer, shown, strict=True):
            assert_alike(one, other)
    elif isinstance(shown, float):
        assert answer == pytest.approx(shown, rel=1e-12, abs=1e-12)
    else:
        assert answer == shown


def test_every_example_is_found():
    assert len(EXAMPLES) == README.count("curl ") >= 8


@pytest.mark.parametrize("command", [command for command, _ in EXAMPLES])
def test_an_example_is_answered_as_shown(command):
    assert_alike(asyncio.run(answer_to(command)), json.loads(dict(EXAMPLES)[command]))


@pytest.mark.parametrize("name", ["README.md", "docs/language.md", "docs/programs.md"])
def test_the_python_examples_run(name):
    test = doctest.DocTestParser().get_doctest((ROOT / name).read_text(encoding="utf-8"), {}, name, name, 0)
    runner = doctest.DocTestRunner()
    runner.run(test)
    assert runner.summarize(verbose=False).failed == 0
    assert test.examples


def test_the_limits_are_the_engines():
    shown = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    for limit in fields(Limits):
        text = limit.metadata["help"].rstrip(".")
        assert f"| `{limit.name}` | {limit.default:,.0f} {limit.metadata['unit']} | {text} |" in shown


def test_links_lead_somewhere():
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for link in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / link).exists(), f"{path.name} links to {link}"
