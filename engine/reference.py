"""What an expression can call, as the rows say it."""

from __future__ import annotations

from typing import Any

from engine.functions import FUNCTIONS


def functions() -> list[dict[str, Any]]:
    """Every function of the language, by name: signature, kind, aliases, sentence, and convention at kinks.

    >>> next(f for f in functions() if f["name"] == "abs")["convention"]
    '0 at 0'
    """
    distinct = {function.name: function for function in FUNCTIONS.values()}
    return [
        {
            "name": name,
            "signature": function.signature.public,
            "kind": function.kind,
            "aliases": list(function.aliases),
            "keywords": function.keywords,
            "doc": function.doc,
            "convention": function.convention,
        }
        for name, function in sorted(distinct.items())
    ]
