"""The pages of victims' files. Each runs in the row scope of who asks; each shown file is recorded."""
