"""What a person can do with victims' files."""
