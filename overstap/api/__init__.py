"""The REST API of raakvlakken.md: thin views over the same actions, querysets and rules as the pages."""
