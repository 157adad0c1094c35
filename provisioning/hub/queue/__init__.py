"""Queue tickets (取号), calling (叫号), windows and waiting times."""
