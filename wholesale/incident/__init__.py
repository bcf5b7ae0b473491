"""Floor 8: after an incident, what an account read and wrote, and what a restore has lost."""
