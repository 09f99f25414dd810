from pathways.models.careers import Pathway, Rung

__all__ = ["Pathway", "Rung"]
