"""Floor 8: proposals by Gemini, under the reader's own permissions; nothing needs them."""
