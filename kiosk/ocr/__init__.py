"""What stands on a page: text (OCR, offline), what kind of paper it is, and proposals for fields."""
