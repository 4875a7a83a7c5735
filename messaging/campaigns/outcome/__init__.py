"""What became of a campaign: who got it, who answered, why others did not, and when."""
