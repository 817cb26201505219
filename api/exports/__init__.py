"""Files for accountants: the invoice list as CSV and XLSX, sent documents as SAGA XML. Pure: rows in, bytes out."""
