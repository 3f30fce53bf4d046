"""Kept: reports made ahead, reports that are sent by themselves, forecasts as they were made."""
