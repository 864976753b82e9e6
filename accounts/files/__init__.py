"""Files that people send: which are taken, how they are looked into, stored, and handed out."""
