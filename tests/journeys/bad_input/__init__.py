"""Bad input on the whole way: each kind gets a clear message in three languages, and nothing is lost."""
