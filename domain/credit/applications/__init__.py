"""Applications: customers ask for credit, staff look into it and decide, and somebody tells them why."""
