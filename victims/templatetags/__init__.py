"""How pages of victims print things."""
