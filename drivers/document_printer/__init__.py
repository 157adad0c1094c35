"""The A4 printer (文书打印机): an IPP printer or CUPS queue, or a folder where a terminal has none."""
