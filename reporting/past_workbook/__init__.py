"""The figures of many units for many past periods as one workbook: written to be filled in, checked, stored."""
