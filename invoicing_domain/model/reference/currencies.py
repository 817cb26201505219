"""Currencies in use (ISO 4217) and how many decimal digits their minor unit has."""

_TWO_DIGITS = (
    "AED ALL AMD AUD AZN BAM BGN BRL CAD CHF CNY CZK DKK EGP EUR GBP GEL HKD HUF ILS INR KZT MAD MDL MKD MXN MYR NOK "
    "NZD PHP PLN RON RSD SAR SEK SGD THB TRY TWD UAH USD UZS ZAR"
)
_NO_DIGITS = "CLP ISK JPY KRW UGX VND XAF XOF"
_THREE_DIGITS = "BHD IQD JOD KWD OMR TND"

MINOR_DIGITS: dict[str, int] = {
    **dict.fromkeys(_TWO_DIGITS.split(), 2),
    **dict.fromkeys(_NO_DIGITS.split(), 0),
    **dict.fromkeys(_THREE_DIGITS.split(), 3),
}
