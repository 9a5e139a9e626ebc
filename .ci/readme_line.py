"""Print the README's shell line that contains a word, so that what is tested is what is printed there."""

import re
import sys
from pathlib import Path

readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
blocks = re.findall(r"^```(?:sh|bash|console)\n(.*?)^```", readme, re.DOTALL | re.MULTILINE)
lines = [line for block in blocks for line in block.splitlines() if sys.argv[1] in line and "venv" in line]
if len(lines) != 1:
    sys.exit(f"README.md has {len(lines)} shell lines with {sys.argv[1]!r}, expected 1")
print(lines[0])
