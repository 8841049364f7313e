"""Swedish and English: texts, numbers, months. Shared by the command and the web pages."""
