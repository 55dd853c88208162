"""Pages as a real browser reads them."""
