"""A module a kind of export; each check imports what was exported and compares it with the records."""
