"""How properties are tested: the same examples at every run, unless asked to explore.

``HYPOTHESIS_PROFILE=explore`` (`make fuzz`) chooses other examples every time. What it finds becomes a test of
its own, so that the suite stays the same from run to run.
"""

import os

from hypothesis import settings

settings.register_profile("steady", derandomize=True, database=None, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

collect_ignore = ["recording/measure.py", "fuzz/atheris.py"]
"""They need torch, which only `make record` installs, and atheris, which nobody has to have."""
