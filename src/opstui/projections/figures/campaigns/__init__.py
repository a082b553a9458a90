"""The panels of the page about campaigns, a module for each question they answer."""
