"""All that the portal holds about the person who asks: account, roles, sessions, notices, drafts, choices, own acts."""
