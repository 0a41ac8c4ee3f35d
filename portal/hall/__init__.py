"""The hall: queue numbers that are promises, windows, honest waiting times, and a simulation of a hall's day."""
