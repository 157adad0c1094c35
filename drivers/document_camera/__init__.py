"""Document camera: live pictures in a child process, the page found, laid flat and handed on."""
