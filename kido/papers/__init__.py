"""The papers of a transaction: built once as `Paper`, written as .docx, .xlsx and .pdf."""
