"""Deep learning: a ResNet on the tumour region, one channel a phase.

It is trained from scratch or from weights of a local file.
"""

from models.deep.model import DeepModel
from models.deep.watch import Watch

__all__ = ["DeepModel", "Watch"]
