"""Pages from the report's .qmd files: by Quarto where it is, else by a preview renderer of them."""

from analysis.reporting.rendering.render import RenderError, Rendering, render

__all__ = ["RenderError", "Rendering", "render"]
