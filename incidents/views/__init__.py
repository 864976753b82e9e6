"""Pages of tips and cases. Each runs in the row scope of who asks, and logs every record it shows."""
