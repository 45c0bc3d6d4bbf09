"""Print the bill of materials of the environment that runs this, in CycloneDX 1.6: same packages, same bytes."""

import json
import sys
from importlib.metadata import Distribution, distributions
from typing import Any


def component(package: Distribution) -> dict[str, Any]:
    """One installed package, with its licence where its metadata states one in SPDX terms."""
    name, version = package.metadata["Name"], package.version
    licence = package.metadata.json.get("license_expression")
    return {
        "type": "library",
        "bom-ref": (purl := f"pkg:pypi/{name.lower().replace('_', '-')}@{version}"),
        "name": name,
        "version": version,
        "purl": purl,
        **({"licenses": [{"expression": licence}]} if licence else {}),
    }


if __name__ == "__main__":
    python = {"type": "platform", "name": "CPython", "version": sys.version.split()[0]}
    packages = sorted(map(component, distributions()), key=lambda found: found["bom-ref"])
    bom = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": [python, *packages]}
    json.dump(bom, sys.stdout, indent=1)
