"""What handing a debt over crosses packages for: the file of it, with what late charges and payments say."""
