"""Segments: whom a condition such as `city = Turku and not answered "Kevät"` means, in one language for all.

A text or a form becomes a syntax tree, and the tree one condition of the database, a text or a form again.
"""
