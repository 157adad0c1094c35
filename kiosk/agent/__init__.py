"""The agent: the long-lived process that keeps keys, disk and network away from the window that people touch."""
