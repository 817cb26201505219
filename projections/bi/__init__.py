"""The public views for BI: columns are only ever added."""
