"""The pages of a vo-school: decaan and manager vo."""
