"""What journeys share: a whole house to visit, and a visitor who notices what is wrong with its pages."""
