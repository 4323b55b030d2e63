"""What models learn from beside the clinical table: radiomics features, tumour regions."""
