"""PDF: papers for customers, typeset by typst from the letters in templates/letters."""
