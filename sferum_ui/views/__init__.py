"""View code of the report pages: what a page shows, put together from the core's tables."""
