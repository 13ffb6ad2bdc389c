"""Names of countries that people write in place of codes, in English and in the own languages of some."""

from __future__ import annotations

import unicodedata

_NAMES = {
    "AR": "argentina",
    "AT": "austria osterreich aut",
    "AU": "australia aus",
    "BE": "belgium belgie belgique bel",
    "BG": "bulgaria",
    "BR": "brazil brasil bra",
    "CA": "canada can",
    "CH": "switzerland schweiz suisse svizzera che",
    "CL": "chile",
    "CN": "china",
    "CO": "colombia",
    "CY": "cyprus",
    "CZ": "czechia czechrepublic cesko",
    "DE": "germany deutschland ger deu",
    "DK": "denmark danmark",
    "EE": "estonia eesti",
    "EG": "egypt",
    "ES": "spain espana esp",
    "FI": "finland suomi fin",
    "FR": "france fra",
    "GB": "unitedkingdom uk greatbritain britain england gbr",
    "GR": "greece ellada",
    "HR": "croatia hrvatska",
    "HU": "hungary magyarorszag",
    "ID": "indonesia",
    "IE": "ireland eire irl",
    "IL": "israel",
    "IN": "india ind",
    "IS": "iceland island",
    "IT": "italy italia ita",
    "JP": "japan nippon nihon jpn",
    "KE": "kenya",
    "KR": "southkorea korea",
    "LT": "lithuania lietuva",
    "LU": "luxembourg luxemburg letzebuerg",
    "LV": "latvia latvija",
    "MA": "morocco maroc",
    "MT": "malta",
    "MX": "mexico mex",
    "MY": "malaysia",
    "NG": "nigeria",
    "NL": "netherlands thenetherlands nederland holland nld",
    "NO": "norway norge",
    "NZ": "newzealand",
    "PE": "peru",
    "PH": "philippines pilipinas",
    "PK": "pakistan",
    "PL": "poland polska pol",
    "PT": "portugal prt",
    "RO": "romania",
    "RS": "serbia srbija",
    "SA": "saudiarabia",
    "SE": "sweden sverige swe",
    "SG": "singapore",
    "SI": "slovenia slovenija",
    "SK": "slovakia slovensko",
    "TH": "thailand",
    "TR": "turkey turkiye",
    "TW": "taiwan",
    "UA": "ukraine ukraina",
    "US": "unitedstates unitedstatesofamerica usa america",
    "VN": "vietnam",
    "ZA": "southafrica",
}

_CODES = {name: code for code, names in _NAMES.items() for name in names.split()}


def code_of(name: str) -> str | None:
    """Return the code of the country with this name, whatever its case, accents, spaces and dots; or None."""
    plain = unicodedata.normalize("NFKD", name.lower())
    return _CODES.get("".join(letter for letter in plain if letter.isalnum() and letter.isascii()))
