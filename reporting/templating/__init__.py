"""Report templates as administrators work on them: read, changed, judged, told and compared. No code is written."""
