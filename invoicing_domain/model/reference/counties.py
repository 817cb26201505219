"""Romanian counties (ISO 3166-2:RO, whose second half is the plate code) and the sectors of Bucharest."""

import re
import unicodedata
from typing import Final

BUCHAREST: Final = "RO-B"

_NAMES: Final = {
    "AB": "Alba", "AG": "Argeș", "AR": "Arad", "B": "București", "BC": "Bacău", "BH": "Bihor", "BN": "Bistrița-Năsăud",
    "BR": "Brăila", "BT": "Botoșani", "BV": "Brașov", "BZ": "Buzău", "CJ": "Cluj", "CL": "Călărași",
    "CS": "Caraș-Severin", "CT": "Constanța", "CV": "Covasna", "DB": "Dâmbovița", "DJ": "Dolj", "GJ": "Gorj",
    "GL": "Galați", "GR": "Giurgiu", "HD": "Hunedoara", "HR": "Harghita", "IF": "Ilfov", "IL": "Ialomița", "IS": "Iași",
    "MH": "Mehedinți", "MM": "Maramureș", "MS": "Mureș", "NT": "Neamț", "OT": "Olt", "PH": "Prahova", "SB": "Sibiu",
    "SJ": "Sălaj", "SM": "Satu Mare", "SV": "Suceava", "TL": "Tulcea", "TM": "Timiș", "TR": "Teleorman", "VL": "Vâlcea",
    "VN": "Vrancea", "VS": "Vaslui",
}  # fmt: skip

_BEFORE_THE_NAME: Final = re.compile(r"^(judetul|judet|jud|municipiul|mun) ")
_SECTOR: Final = re.compile(
    r"(?:(?:bucuresti|bucharest) )?(?:sectorul|sector|sect|sec|s) ?([1-6])(?: (?:bucuresti|bucharest))?"
)


def folded(text: str) -> str:
    """Letters without their marks, small, one space between words: how people's spellings are compared."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^0-9a-z]+", " ", bare.lower()).split())


_CODES: Final = {
    **{folded(name): f"RO-{code}" for code, name in _NAMES.items()},
    **{code.lower(): f"RO-{code}" for code in _NAMES},
    **{f"ro {code.lower()}": f"RO-{code}" for code in _NAMES},
    "bucharest": BUCHAREST,
}


def county_code(text: str) -> str | None:
    """`RO-CJ` for Cluj, however it is written: name, plate code or code, with or without diacritics."""
    name = _BEFORE_THE_NAME.sub("", folded(text))
    return _CODES.get(name) or (BUCHAREST if _SECTOR.fullmatch(name) else None)


def sector(text: str) -> str | None:
    """`SECTOR3` for sector 3 of Bucharest, however it is written."""
    found = _SECTOR.fullmatch(_BEFORE_THE_NAME.sub("", folded(text)))
    return f"SECTOR{found[1]}" if found else None


def county_name(code: str) -> str:
    """`Cluj` for RO-CJ; empty for what is no Romanian county."""
    return _NAMES.get(code.removeprefix("RO-"), "")
