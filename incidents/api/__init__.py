"""Tips and cases over the API."""
