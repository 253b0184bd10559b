"""The mbo: aanmeldingen at the own instelling. No models."""
