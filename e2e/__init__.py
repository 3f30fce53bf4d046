"""Browser tests: journeys of people through a running Quittance, in a real Chromium."""
