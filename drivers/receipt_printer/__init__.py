"""The receipt printer (凭条打印机): ESC/POS over TCP, serial line, USB or a device file."""
