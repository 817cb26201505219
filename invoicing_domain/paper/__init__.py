"""Paper: what invoices and credit notes look like when they are handed out."""
