"""What `peers.py` offers, a module a kind of figure."""
