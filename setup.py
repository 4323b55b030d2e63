"""What pyproject.toml can't say: the wheel takes the report's sources along, from the one copy that
Quarto renders in a checkout."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent


class BuildWithReport(build_py):
    """_quarto.yml and report/ as analysis/_report in the wheel; an editable installation reads them
    where they are."""

    def run(self) -> None:
        super().run()
        if getattr(self, "editable_mode", False):
            return
        target = Path(self.build_lib) / "analysis" / "_report"
        shutil.rmtree(target, ignore_errors=True)
        (target / "report").mkdir(parents=True)
        for name in ("_quarto.yml", "_environment"):
            shutil.copy2(ROOT / name, target)
        for path in sorted((ROOT / "report").rglob("*")):
            # What rendering leaves behind is no source.
            parts = path.relative_to(ROOT / "report").parts
            if (
                path.is_file()
                and ".quarto_ipynb" not in path.name
                and not any(
                    part.endswith("_files") or part.startswith((".", "_")) for part in parts
                )
            ):
                place = target / path.relative_to(ROOT)
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, place)


setup(cmdclass={"build_py": BuildWithReport})
