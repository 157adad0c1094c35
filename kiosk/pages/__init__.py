"""Pages of evidence made straight, clean, small and ready for the volume (卷宗)."""
