"""Schedules: reports that members of staff get by mail, again and again, until they are ended."""
