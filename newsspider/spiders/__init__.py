"""Spiders: what to ask for next, and what an answer means."""
