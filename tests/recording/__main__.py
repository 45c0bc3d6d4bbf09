"""Record PyTorch's figures: python -m tests.recording [GROUP ...]"""

import sys

from tests.recording import GROUPS
from tests.recording.measure import write

for group in GROUPS:
    if not sys.argv[1:] or group.name in sys.argv[1:]:
        print(f"{group.name}: {write(group)} cases", file=sys.stderr)
