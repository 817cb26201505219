"""Organizations: the sellers that this installation invoices for."""
