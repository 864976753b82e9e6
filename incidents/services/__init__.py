"""What a person can do with tips and cases."""
