"""Telling programs outside what happened: where to, signed how, tried how often."""
