"""Documents on paper and in the file: complaint, lists, confirmations and receipts as PDF/A-2b, scans as one volume.

What is printed is plain data (`complaint`, `papers`), how it looks is a typst template beside this package. Words a
person typed travel to the template as JSON and are never part of its source, so no text can become markup.
"""
