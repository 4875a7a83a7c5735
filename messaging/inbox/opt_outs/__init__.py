"""What a message asks of us: no more of them, perhaps that, messages again; and what follows."""
