"""Reports to text: terminal tables, JSON, and the one gate every foreign text passes."""
