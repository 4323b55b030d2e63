"""New names of converted patients."""

from analysis.imaging.convert.pseudonyms import Keys, read_salt


def new_names(folder) -> dict[str, str]:
    keys = Keys(read_salt(folder / "study.salt"))
    return {identifier: keys.patient(identifier) for identifier in ("ID-ALPHA-1", "ID-BETA-2")}
