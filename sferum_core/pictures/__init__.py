"""Any chart of the app as a picture, PNG or SVG, drawn without a browser from what the chart itself declares."""

from sferum_core.pictures.drawing import Heading, Picture, picture_of
from sferum_core.pictures.png import png
from sferum_core.pictures.svg import svg

__all__ = ["Heading", "Picture", "picture_of", "png", "svg"]
