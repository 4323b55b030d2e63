"""Examples that a study can be begun from: real data, with their licence and their faults."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Example:
    """Example of a study.

    kind: of study (images, features, predictions or clinical). table: as it was published, with the
    columns of the data dictionary but for patient_id. prefix: of the patients' numbers.
    """

    name: str
    words: str
    kind: str
    folder: str
    table: str
    prefix: str

    def files(self) -> dict[str, bytes | str]:
        """Path in the study's folder → content; `{name}` in study.yml is the study's name."""
        content: dict[str, bytes | str] = {
            f"data/{path.name}": path.read_bytes()
            for path in sorted((HERE / self.folder).iterdir())
            if path.is_file() and path.name != "study.yml"
        }
        content["data/clinical.csv"] = self._with_patients()
        content["study.yml"] = (HERE / self.folder / "study.yml").read_text(encoding="utf-8")
        return content

    def _with_patients(self) -> str:
        """The table as it was published, with a column of patients before the others."""
        header, *rows = (HERE / self.folder / self.table).read_text(encoding="utf-8").splitlines()
        patients = (f"{self.prefix}{number:03d}" for number in range(1, len(rows) + 1))
        return "\n".join(
            [
                f"patient_id,{header}",
                *(f"{patient},{row}" for patient, row in zip(patients, rows, strict=True)),
                "",
            ]
        )


EXAMPLES = {
    example.name: example
    for example in (
        Example(
            "hcc-survival",
            "165 patients with hepatocellular carcinoma, death within a year (UCI, CC BY 4.0)",
            kind="clinical",
            folder="hcc_survival",
            table="hcc-data.csv",
            prefix="HCC",
        ),
    )
}
