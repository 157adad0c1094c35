"""Text entry on the screen: layouts, composers and input methods without Kivy, and one panel that shows them."""
