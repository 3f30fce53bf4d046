"""What writing a debt off crosses packages for: what follows from giving it up, and from taking that back."""
