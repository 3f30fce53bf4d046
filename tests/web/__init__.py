"""Tests of what both sites share."""
