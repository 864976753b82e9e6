"""The forms of victims' files. None of them takes a name, save the identity's."""
