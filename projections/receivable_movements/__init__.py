"""What customers owe, as movements with two dates: the sum up to any date is the receivable on that date."""
