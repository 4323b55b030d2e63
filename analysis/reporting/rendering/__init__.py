"""From the report's .qmd files to pages: by Quarto where it is, else by a preview renderer of the
same files."""

from analysis.reporting.rendering.render import RenderError, Rendering, render

__all__ = ["RenderError", "Rendering", "render"]
