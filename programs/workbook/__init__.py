"""Activities as a workbook: the template, reading it back, checking and storing its rows, and the full export."""
