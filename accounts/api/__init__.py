"""What every endpoint shares: who asks, how lists are narrowed and cut, how errors and versions are told."""
