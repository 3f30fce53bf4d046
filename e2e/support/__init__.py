"""What journeys share: a visitor who notices what is wrong with the pages of a house."""
