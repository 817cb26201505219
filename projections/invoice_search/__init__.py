"""Finding invoices by anything written on them, typed without diacritics and with mistakes."""
