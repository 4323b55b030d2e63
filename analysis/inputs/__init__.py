"""Inputs of models beside the clinical table: radiomics features, tumour regions."""
