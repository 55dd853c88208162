"""Texts of an adversary, and what looks for harm in the pages that come of them."""
