"""Words: goods, places, dates, amounts, text and sources. The lowest floor but errors."""
