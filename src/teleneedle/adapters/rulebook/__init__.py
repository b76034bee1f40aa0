"""The site's rule book: pre-operative rules, care and contingency as TOML files a site can replace."""
