"""What holds over the whole tree: imports, names, borders."""
