"""Processing: every act that crosses packages, one transaction each, whoever starts it."""
