"""Second factors: apps for codes, passkeys and recovery codes, who needs one, and what administrators may do."""
