"""Floor 2: who may do what. The one place to review permissions."""
