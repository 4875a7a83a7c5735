"""Its way to WhatsApp: the one call, each change of state, and the verdict as far as it is known."""
