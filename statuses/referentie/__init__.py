"""Reference data: regio's, gemeenten, schools, opleidingen, redenen, and how they get into the database."""
