"""What tests lean on: databases of both engines, builders, fakes and checkers."""
