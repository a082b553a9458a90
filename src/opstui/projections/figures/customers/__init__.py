"""The panels of the page about customers, a module for each question they answer."""
