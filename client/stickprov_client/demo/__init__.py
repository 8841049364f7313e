"""The demonstration: control point 3 of the 2021 document, January to March, through the public interface only."""
