"""Forecasting: what cash is expected in the coming weeks: by due date, by agreement, by how late accounts pay."""
