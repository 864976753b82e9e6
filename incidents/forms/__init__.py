"""The forms of tips, cases, persons and campaigns."""
