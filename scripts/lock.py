"""Lock: choose versions for requirements/*.in anew, with hashes and without the addresses they came from."""

import subprocess
import sys
from pathlib import Path

from scripts.steps import ROOT

UV = str(Path(sys.prefix) / "bin" / "uv")


def main() -> None:
    """Compile each list of Python libraries, the runtime's first as the others must agree with it."""
    for name in ("runtime", "development", "installer"):
        files = [f"requirements/{name}.in", "-o", f"requirements/{name}.txt"]
        choose = [UV, "pip", "compile", "-q", "--upgrade", "--python-version", "3.11", "--generate-hashes"]
        subprocess.run([*choose, "--no-emit-index-url", *files], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
