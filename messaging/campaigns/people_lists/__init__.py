"""Numbers that are pasted or uploaded for a campaign alone, judged as those of an import are."""
