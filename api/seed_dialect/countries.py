"""Countries of the old dialect: the one id of its table that is known, and the names of ISO 3166-1. Pure."""

from collections.abc import Mapping
from typing import Final

HOME_COUNTRY: Final = "142"
"""Romania in the old countries table; ISO 3166-1 gives this number to nobody."""

LAST_COUNTRY: Final = 250
"""The old table counts so far: a number up to it may be either an id of the table or one of ISO, and is not guessed."""

_OTHER_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "AE": ("ARE", "784"),
    "AL": ("ALB", "008"),
    "AT": ("AUT", "040"),
    "AU": ("AUS", "036"),
    "BA": ("BIH", "070"),
    "BE": ("BEL", "056"),
    "BG": ("BGR", "100"),
    "BR": ("BRA", "076"),
    "BY": ("BLR", "112"),
    "CA": ("CAN", "124"),
    "CH": ("CHE", "756"),
    "CN": ("CHN", "156"),
    "CY": ("CYP", "196"),
    "CZ": ("CZE", "203"),
    "DE": ("DEU", "276"),
    "DK": ("DNK", "208"),
    "EE": ("EST", "233"),
    "EG": ("EGY", "818"),
    "ES": ("ESP", "724"),
    "FI": ("FIN", "246"),
    "FR": ("FRA", "250"),
    "GB": ("GBR", "826"),
    "GE": ("GEO", "268"),
    "GR": ("GRC", "300"),
    "HR": ("HRV", "191"),
    "HU": ("HUN", "348"),
    "IE": ("IRL", "372"),
    "IL": ("ISR", "376"),
    "IN": ("IND", "356"),
    "IS": ("ISL", "352"),
    "IT": ("ITA", "380"),
    "JP": ("JPN", "392"),
    "KR": ("KOR", "410"),
    "LI": ("LIE", "438"),
    "LT": ("LTU", "440"),
    "LU": ("LUX", "442"),
    "LV": ("LVA", "428"),
    "MD": ("MDA", "498"),
    "ME": ("MNE", "499"),
    "MK": ("MKD", "807"),
    "MT": ("MLT", "470"),
    "NL": ("NLD", "528"),
    "NO": ("NOR", "578"),
    "NZ": ("NZL", "554"),
    "PL": ("POL", "616"),
    "PT": ("PRT", "620"),
    "RO": ("ROU", "642"),
    "RS": ("SRB", "688"),
    "RU": ("RUS", "643"),
    "SE": ("SWE", "752"),
    "SI": ("SVN", "705"),
    "SK": ("SVK", "703"),
    "TR": ("TUR", "792"),
    "UA": ("UKR", "804"),
    "US": ("USA", "840"),
    "ZA": ("ZAF", "710"),
}
"""The three letters and the number of ISO 3166-1, for the countries that Romanian companies deal with."""

_NAMED: Final[Mapping[str, str]] = {name: code for code, names in _OTHER_NAMES.items() for name in names}


def country_of(text: str) -> str | None:
    """ISO 3166-1 alpha-2, from that code, the three letters or the number of ISO, or the one id that is known."""
    if text == HOME_COUNTRY:
        return "RO"
    code = text.upper()
    if len(code) == 2:  # noqa: PLR2004 - alpha-2
        return code if code.isascii() and code.isalpha() else None
    if code.isascii() and code.isdigit() and code[0] != "0" and int(code[:4]) <= LAST_COUNTRY:
        return None
    return _NAMED.get(code)


def country_id(code: str) -> str:
    return HOME_COUNTRY if code == "RO" else code
