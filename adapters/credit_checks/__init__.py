"""Credit checks: whoever can be asked about a customer, a service over HTTP or a file of results."""
