"""python -m engine.reference     writes docs/functions.md, or the file that is named"""

import sys
from pathlib import Path

from engine.reference.page import page

PATH = Path(__file__).parent.parent.parent / "docs" / "functions.md"

if __name__ == "__main__":
    Path(*sys.argv[1:2] or [str(PATH)]).write_text(page(), encoding="utf-8")
