"""Activities: filing, listing, exporting."""
