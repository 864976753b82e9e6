"""Commands that a developer runs, and what two of them share."""
