"""Write the answers of the examples anew: python -m tests.app.record"""

from typing import Any

import orjson

from app import examples
from tests.app.client import call, post


def answer(example: dict[str, Any]) -> tuple[int, Any]:
    """Status and document that the service gives to an example's request."""
    if example["method"] == "GET":
        response = call("GET", example["path"], params=example["request"])
    else:
        response = post(example["path"], example["request"])
    return response.status_code, response.json()


if __name__ == "__main__":
    for name, example in examples.load().items():
        example["status"], example["answer"] = answer(example)
        content = orjson.dumps(example, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        (examples.FOLDER / f"{name}.json").write_bytes(content)
