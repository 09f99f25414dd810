"""`./portal vendor`: refresh static/vendor/ from the npm packages, and write down what is there."""

import hashlib
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from .children import StartFailed
from .places import ROOT

VENDOR = ROOT / "static" / "vendor"

# Package and the series we take; its files and what they are called here.
PACKAGES: dict[str, tuple[str, dict[str, str]]] = {
    "bootstrap": ("5.3", {"dist/css/bootstrap.min.css": "bootstrap.min.css"}),
    "bootstrap-icons": ("1", {"bootstrap-icons.svg": "bootstrap-icons.svg"}),
    "@fontsource-variable/figtree": (
        "5",
        {
            "files/figtree-latin-wght-normal.woff2": "figtree-latin-wght-normal.woff2",
            "files/figtree-latin-ext-wght-normal.woff2": "figtree-latin-ext-wght-normal.woff2",
        },
    ),
    "htmx.org": ("2", {"dist/htmx.min.js": "htmx.min.js"}),
}

PREFACE = """\
# What others wrote, served by us

Nothing is loaded from another site. `./portal vendor` refreshes these files from their npm packages
(it needs `npm`) and writes this table; look at the difference before you commit it. Licence texts
are beside the files. Bootstrap's script is not here: our pages do without it. The lines that
name source maps are cut, since the maps are not served.

| file | package | version | licence | SHA-256 |
|---|---|---|---|---|
"""


def refresh() -> int:
    """Fetch each package, copy its files, and write the table; 0 when all went well."""
    if shutil.which("npm") is None:
        raise StartFailed("npm is not installed; the files in static/vendor/ stay as they are.")
    VENDOR.mkdir(parents=True, exist_ok=True)
    rows = []
    for package, (series, files) in PACKAGES.items():
        with tempfile.TemporaryDirectory() as folder:
            source = _fetch(package, series, Path(folder))
            about = json.loads((source / "package.json").read_text(encoding="utf-8"))
            name = package.rpartition("/")[2].removesuffix(".org")
            shutil.copyfile(source / "LICENSE", VENDOR / f"LICENSE.{name}.txt")
            for inside, here in files.items():
                content = _without_source_map((source / inside).read_bytes())
                (VENDOR / here).write_bytes(content)
                digest = hashlib.sha256(content).hexdigest()
                rows.append(f"| {here} | {package} | {about['version']} | {about['license']} | `{digest}` |")
                print(f"{here}: {package} {about['version']}")
    (VENDOR / "README.md").write_text(PREFACE + "\n".join(rows) + "\n", encoding="utf-8")
    return 0


def _fetch(package: str, series: str, folder: Path) -> Path:
    done = subprocess.run(
        ["npm", "pack", "--silent", f"{package}@{series}"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
    )
    if done.returncode:
        raise StartFailed(f"npm could not fetch {package}@{series}:\n{done.stdout}{done.stderr}")
    # npm names one file a version that fits the series, the newest last.
    archive = folder / done.stdout.split()[-1]
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder / "package"


def _without_source_map(content: bytes) -> bytes:
    """The manifest storage would look for the map that a stylesheet or script names."""
    return re.sub(rb"\n?(/\*|//)# sourceMappingURL=[^\n]*\n?", b"\n", content)
