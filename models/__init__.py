"""Models: clinical, radiomics, deep learning, fusion and staging scores."""
