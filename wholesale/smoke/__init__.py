"""Floor 8: trying a running deployment out as a person would, without leaving a trace."""
