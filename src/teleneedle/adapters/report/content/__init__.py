"""The plan as the book's data: each page's figures and words, formatted once for both languages."""
