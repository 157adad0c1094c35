"""What people who wait see and hear: the page of the waiting area, its voice, and the page on their phone."""
