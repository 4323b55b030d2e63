"""Clinical values of a patient whom the staging systems can grade."""

PATIENT = {
    "bilirubin": 10.0,
    "albumin": 42.0,
    "inr": 1.0,
    "ascites": "none",
    "encephalopathy": "none",
    "tumour_number": 1,
    "tumour_diameter": 3.0,
    "vascular_invasion": "none",
    "lymph_node_metastasis": 0,
    "distant_metastasis": 0,
}
