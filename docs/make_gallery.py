"""Pictures of rendered reports: `python docs/make_gallery.py` after `make docs`.

Renders the studies that the tutorials computed, and photographs their pages with Chromium.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from PIL import Image

HERE = Path(__file__).resolve().parent
WORK = HERE / "_build" / "executed" / "work"
# Name of the picture → folder of the study that a tutorial computed.
STUDIES = {
    "clinical": WORK / "tutorials-first-report" / "my-study",
    "images": WORK / "tutorials-images",
    "features": WORK / "tutorials-features" / "my-features",
    "predictions": WORK / "tutorials-predictions" / "judged",
}
DOCUMENTS = {"": "index.html", "-supplement": "supplement.html", "-checklists": "checklists.html"}
WIDTH, HEIGHT = 1280, 2000
# What stands before the results has no pictures, and is left out of the photograph.
ONLY_RESULTS = (
    "<style>#sec-abstract, #abstract, #key-points, #sec-introduction, #introduction, #methods"
    " {display: none}</style></head>"
)


def photograph(page: Path, picture: Path) -> None:
    """The top of the results, smaller and in few colours."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        sys.exit("Chromium is not installed")
    short = page.with_name(f"photographed-{page.name}")
    short.write_text(
        page.read_text(encoding="utf-8").replace("</head>", ONLY_RESULTS, 1), encoding="utf-8"
    )
    subprocess.run(
        [
            browser,
            "--headless",
            "--no-sandbox",
            "--hide-scrollbars",
            "--virtual-time-budget=8000",
            f"--window-size={WIDTH},{HEIGHT}",
            f"--screenshot={picture}",
            short.as_uri(),
        ],
        check=True,
        capture_output=True,
    )
    short.unlink()
    image = Image.open(picture).convert("RGB").resize((WIDTH * 5 // 8, HEIGHT * 5 // 8))
    image.quantize(64).save(picture, optimize=True)


def main() -> None:
    """Render and photograph every study."""
    (HERE / "gallery").mkdir(exist_ok=True)
    for name, folder in STUDIES.items():
        command = [sys.executable, "-m", "early_recurrence", "render", "--study"]
        subprocess.run([*command, folder / "study.yml", "--format", "html"], check=True)
        pages = next(folder.rglob("_report/report/index.html")).parent
        # Only of the first study all documents: they look alike.
        for end, document in DOCUMENTS.items() if name == "clinical" else [("", "index.html")]:
            photograph(pages / document, HERE / "gallery" / f"{name}{end}.png")


if __name__ == "__main__":
    main()
