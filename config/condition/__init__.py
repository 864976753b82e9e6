"""How the portal itself is: what waits, what failed, what the nightly checks found. For its page and for Prometheus."""
